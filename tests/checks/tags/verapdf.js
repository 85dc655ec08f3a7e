// Runs the engine of veraPDF as its command does: verapdf.js --flavour ua1 --format json FILE …
var V = Packages.org.verapdf;
V.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var flavour = V.pdfa.flavours.PDFAFlavour.byFlavourId(arguments[1]);
var format = V.processor.FormatOption.fromOption(arguments[3]);
var files = new java.util.ArrayList();
for (var i = 4; i < arguments.length; i++) {
  files.add(new java.io.File(arguments[i]));
}
var config = V.processor.ProcessorFactory.fromValues(
  V.pdfa.validation.validators.ValidatorFactory.createConfig(flavour, false, -1, false),
  V.features.FeatureFactory.defaultConfig(),
  V.processor.plugins.PluginsCollectionConfig.defaultConfig(),
  V.metadata.fixer.FixerFactory.defaultConfig(),
  java.util.EnumSet.of(V.processor.TaskType.VALIDATE)
);
var report = V.processor.ProcessorFactory.getHandler(format, false, java.lang.System.out, false);
V.processor.ProcessorFactory.fileBatchProcessor(config).process(files, report);
