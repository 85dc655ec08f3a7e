"""The elements, attributes, properties and functions that are allowed in a book's drawings.

Those of SVG 1.1 and SVG 2 that say how a still drawing looks, or what it shows.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names(
    """
    a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
    feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology
    feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image line
    linearGradient marker mask path pattern polygon polyline radialGradient rect stop style svg
    switch symbol text textPath title tref tspan use
    """
)
# Elements that run programs, or show what SVG cannot: the drawing would lack something.
ACTIVE = _names("audio canvas foreignObject handler iframe listener script video")
# Elements that only move or change a drawing.
MOVING = _names("animate animateColor animateMotion animateTransform discard set")
# Elements that are not shown, whatever they contain.
HIDDEN = _names(
    """
    altGlyphDef color-profile cursor font font-face font-face-format font-face-name font-face-src
    font-face-uri glyph hkern metadata missing-glyph vkern view
    """
)
# Elements that may refer to another, or for an image to the data of one.
REFERRING = _names("a feImage filter image linearGradient pattern radialGradient textPath tref use")

PROPERTIES = _names(
    """
    alignment-baseline background background-color baseline-shift clip clip-path clip-rule color
    color-interpolation color-interpolation-filters color-rendering color-scheme cx cy d direction
    display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font
    font-family font-feature-settings font-kerning font-optical-sizing font-size font-size-adjust
    font-stretch font-style font-synthesis font-variant font-variant-alternates font-variant-caps
    font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position
    font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical
    height image-rendering inline-size isolation kerning letter-spacing lighting-color line-height
    margin marker marker-end marker-mid marker-start mask mask-border mask-mode mask-type
    max-height max-width min-height min-width mix-blend-mode object-fit object-position opacity
    overflow overflow-wrap padding paint-order r rotate rx ry scale shape-image-threshold
    shape-inside shape-margin shape-padding shape-rendering shape-subtract stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width tab-size text-align text-align-last text-anchor
    text-decoration text-decoration-color text-decoration-fill text-decoration-line
    text-decoration-stroke text-decoration-style text-decoration-thickness text-indent
    text-orientation text-overflow text-rendering text-shadow text-transform
    text-underline-offset text-underline-position transform transform-box transform-origin
    translate unicode-bidi vector-effect visibility white-space width word-break word-spacing
    word-wrap writing-mode x y
    """
)
# Attributes that are no properties.
ATTRIBUTES = _names(
    """
    amplitude aria-describedby aria-hidden aria-label aria-labelledby aria-level
    aria-roledescription azimuth baseFrequency baseProfile bias class clipPathUnits
    diffuseConstant dir divisor dx dy edgeMode elevation exponent filterRes filterUnits fr fx fy
    gradientTransform gradientUnits id in in2 intercept k1 k2 k3 k4 kernelMatrix
    kernelUnitLength lang lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth
    maskContentUnits maskUnits media method mode numOctaves offset operator order orient
    pathLength patternContentUnits patternTransform patternUnits path points pointsAtX pointsAtY
    pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits radius refX refY
    requiredExtensions requiredFeatures result role seed side slope spacing specularConstant
    specularExponent spreadMethod startOffset stdDeviation stitchTiles style surfaceScale
    systemLanguage tableValues targetX targetY textLength type values version viewBox x1 x2
    xChannelSelector y1 y2 yChannelSelector z
    """
)
FUNCTIONS = _names(
    """
    abs acos asin atan atan2 blur brightness calc circle clamp color color-mix contrast cos
    device-cmyk drop-shadow ellipse exp fit-content grayscale hsl hsla hue-rotate hwb hypot
    icc-color inset invert lab lch light-dark linear-gradient log matrix matrix3d max min mod
    oklab oklch opacity path perspective polygon pow radial-gradient rect rem
    repeating-linear-gradient repeating-radial-gradient rgb rgba rotate rotate3d rotatex rotatey
    rotatez round saturate scale scale3d scalex scaley scalez sepia sign sin skew skewx skewy
    sqrt tan translate translate3d translatex translatey translatez url var xywh
    """
)
# Functions that name a file.
FILE_FUNCTIONS = _names("cross-fade element image image-set src -webkit-image-set")
