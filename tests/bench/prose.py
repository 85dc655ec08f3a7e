"""English sentences without end: a small grammar, a vocabulary, and a seeded generator."""

from __future__ import annotations

import random
import re

# Verbs are regular and everything is in the past, so that any verb agrees with any noun.
WORDS = {
    "noun": """almanac aqueduct archive assembly barge bargeman boundary breakwater brickyard bridge
        calendar canal candlemaker carpenter causeway chandler chapel chronicle clerk
        committee councillor debenture drawbridge dredger embankment engineer estuary
        ferry ferryman floodgate garden granary harbour house inscription instrument
        inventory ironmonger kettle lamplighter ledger letter lighthouse lockkeeper
        magistrate manuscript marketplace mill millwright notebook orchard parchment
        parliament path paymaster pilot portrait promenade proprietor quarry registrar
        reservoir riverbank settlement shipwright signature storehouse surveyor tannery
        testimony timetable tollkeeper tower tributary viaduct warehouse watchmaker
        waterwheel weir wharf window""",
    "plural": """accounts apprentices barges bells boatmen boats books ceremonies clerks complaints
        contractors descendants differences documents engravings expeditions farms
        fields gatherings generations inhabitants journeymen labourers lamps letters
        merchants millers neighbours newspapers passengers petitions quarrymen rates
        regulations ropemakers soundings stonemasons stones townspeople travellers
        villagers widows""",
    "adjective": """abandoned ambitious apologetic bottomless brackish broad careful ceremonial
        clean comfortable crooked damp deliberate dependable dry early elaborate forgotten
        generous green grey handwritten high honourable imaginary incomplete independent
        inherited laborious late long low magnificent melancholy narrow northern
        obstinate occasional old patient peculiar permanent picturesque plain practical
        provisional quiet reluctant remarkable respectable scrupulous seasonal solitary
        steep tall temporary tidal uncertain unfinished venerable weathered""",
    "act": """abandoned admired altered annotated announced answered borrowed calculated carried
        catalogued condemned considered copied criticised decorated defended delivered
        demolished described determined discovered dismantled enlarged established
        examined explained followed imagined improved inherited interpreted lengthened
        maintained measured mended misplaced mistrusted moved named navigated neglected
        outlasted overlooked painted postponed praised preserved questioned raised
        recorded remembered repaired replaced rescued signed surveyed transcribed
        translated visited weighed welcomed""",
    "adverb": """afterwards anonymously apparently briefly calmly carefully cheerfully dearly early
        eventually faithfully gently gradually immediately kindly lately mercifully
        often patiently plainly privately quietly rarely reluctantly repeatedly silently
        slowly soon suddenly unhurriedly""",
    "near": """above across against alongside behind below beneath beside beyond near opposite past
        towards under within""",
    "stuff": """bread candlelight chalk charm clay coal curiosity daylight experience frost
        generosity gunpowder hospitality imagination ingenuity ink limestone luck moonlight
        negligence obedience paper patience rain rainwater reputation rope salt
        seamanship silence smoke tact thrift timber vinegar""",
    "person": """Abernethy Barraclough Castellane Dunmore Eleanora Fairweather Grandison Hollingbery
        Isidore Josephine Kettleborough Lavinia Merriweather Northcote Osgood Penhallow Quillfeather
        Rosalind Summerskill Theodora Underhill Vandermeer Winterbourne Yelverton""",
    "place": """Aldermarsh Brackwater Cinderford Dunnock Eastholm Fernhithe Gallowgate Harrowmouth
        Inchmere Kelderby Lowmarket Maidenwell Netherquay Osierbank Pennywharf Ravensluice
        Saltergate Tidewick Upperlock Wrackham""",
    "office": """chairman curate deputy foreman notary overseer secretary steward treasurer
        underwriter verger warden""",
    "season": "autumn spring summer winter",
    "month": """January February March April May June July August September October November
        December""",
    "count": "two three four five six seven eight nine eleven twelve nineteen thirty forty",
}
VOCABULARY = {name: words.split() for name, words in WORDS.items()}

GROUPS = {
    "one": (
        "the {noun}",
        "the {adjective} {noun}",
        "the {noun} of {place}",
        "every {adjective} {noun}",
        "no {noun}",
    ),
    "thing": (
        "{one}",
        "the {adjective} {plural}",
        "the {plural} of {place}",
        "{count} {adjective} {plural}",
    ),
    "someone": (
        "{person}",
        "the {office} of {place}",
        "the {adjective} {office}",
        "{person} of {place}",
        "old {person}",
    ),
    "where": (
        "{near} the {noun}",
        "{near} the {adjective} {noun}",
        "{near} {place}",
        "in the {noun} at {place}",
    ),
    "when": (
        "In the {season} of {year}",
        "On the last day of {month}",
        "Before the {noun} was {act}",
        "By the time the {plural} were {act}",
        "After {count} years of {stuff}",
        "Long before {place} had a {noun}",
    ),
    "what": (
        "{someone} {adverb} {act} {thing}",
        "{one} was never {act}",
        "{someone} and {someone} {act} {thing} {where}",
        "{someone} {act} {thing} out of {stuff}",
        "{thing} {where} had been {adverb} {act} by {someone}",
    ),
    "sentence": (
        "{someone} {act} {thing} {where}.",
        "{when}, {what}.",
        "{when}, {what}, and {what}.",
        "{when}, {what}; {what}.",
        "{one}, which {someone} had {adverb} {act}, was {act} {where} with {stuff} and {stuff}.",
        "{what}, although {what}.",
        "It was {adverb} said in {place} that {what}.",
        "Nothing about {one} was {adjective}, except to {someone}.",
        "{someone}, who had {act} {thing} in {year}, {act} neither the {noun} nor the {noun}.",
        "There was {stuff} in {thing}, and {stuff} in whatever the {plural} {act}.",
        "{thing} and {thing} were {act} together, so that {what}.",
        '"{what}," {someone} {adverb} explained, "and {what}."',
        "Of the {plural} that {someone} {act}, {count} were {adjective} and the rest were {act}.",
        "{when}, a {noun} {where} cost as much as {count} {plural}, or so {someone} believed.",
    ),
    "short": (
        "{someone} {act} {thing}.",
        "{one} was {adverb} {act}.",
        "Nobody {act} {thing}.",
        "The {plural} were {adjective}.",
    ),
    "note": (
        "{person}, {adjective} {noun} of {year}, folio {number}; the {plural} were {adverb} {act}.",
        "So the {office} of {place}; {person} gives {year}.",
        "The word is {person}'s: {what}.",
        "Compare the {plural} at {place}, {act} in {year} {where}.",
    ),
    "title": (
        "The {adjective} {noun}",
        "{plural} and {plural}",
        "A {noun} for {place}",
        "The {noun} at {place}",
        "{stuff} and {stuff}",
        "What {person} {act}",
    ),
}
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")


class Prose:
    """A writer whose words follow from the seed alone."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def phrase(self, group: str) -> str:
        """Write one phrase of a group, with no capital of its own."""
        return _SLOT.sub(self._slot, self.random.choice(GROUPS[group]))

    def sentence(self, group: str = "sentence") -> str:
        """Write one sentence, its first letter a capital."""
        text = _ARTICLE.sub(r"\1n ", self.phrase(group))
        first = 1 if text.startswith('"') else 0
        return text[:first] + text[first].upper() + text[first + 1 :]

    def title(self) -> str:
        """Write a title of a few words, with the capitals of a sentence."""
        return self.sentence("title")

    def sentences(self, words: int) -> str:
        """Write sentences until there are about ``words`` words."""
        written: list[str] = []
        count = 0
        while count < words:
            group = "short" if self.random.random() < 0.16 else "sentence"
            written.append(self.sentence(group))
            count += len(written[-1].split())
        return " ".join(written)

    def year(self) -> str:
        """Name a year of the story."""
        return str(self.random.randint(1712, 1899))

    def _slot(self, match: re.Match[str]) -> str:
        name = match[1]
        if name == "year":
            return self.year()
        if name == "number":
            return str(self.random.randint(2, 240))
        if name in GROUPS:
            return self.phrase(name)
        return self.random.choice(VOCABULARY[name])
