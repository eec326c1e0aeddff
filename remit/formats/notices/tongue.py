"""Which language a text is written in, by script and commonest words; says so only where it is plain."""

from __future__ import annotations

import re

COMMON = {
    "en": "the of and to in for is that be will with as are by on this or from which have has not",
    "de": "der die und das den von zu mit für auf ist im des sich nicht ein eine als auch werden wird oder sowie",
    "fr": "le la les des et du en un une pour dans est par au aux sur qui que avec ou ce sont leur",
    "es": "el la los las de y en del que para con por se una un al es como su o más",
    "it": "il di che la e del della per in un una dei delle con al è da nel gli sono alla i",
    "pt": "de a o que e do da em um para com não uma os no na por dos as ao das",
    "nl": "de het een van en in is dat voor op met te zijn aan door worden wordt of bij ook",
    "pl": "w i z na do się nie że jest oraz dla od przez po o za lub których usług zgodnie",
    "cs": "a v na se je pro ve že o do s k z za nebo které jako podle od však bude",
    "sk": "a v na sa je pre vo že o do s k z za alebo ktoré ako podľa od však bude",
    "sv": "och i att det som en på är av för med till den har ett om eller ska vid inte",
    "da": "og i at det er en til på af for med den som de har et eller der skal ikke ved",
    "no": "og i at det er en til på av for med den som de har et eller skal ikke ved om",
    "fi": "ja on ei se että tai sekä ovat joka mukaan myös kuin jotka sen voi tämä hankinta",
    "et": "ja on ei see et või mis kui ning ka oma selle mida tuleb hanke olema",
    "hu": "a az és hogy nem egy is vagy meg ha kell mint szerint valamint illetve ezen ajánlat",
    "ro": "de și în la a cu pe pentru din care este sau nu prin ale al se să unui vor",
    "sl": "in v na je za se da so z ki ne po ali s bo od pri kot tudi naročnik",
    "hr": "i u na je za se da su s koji ne po ili od pri kao te ovog nabave",
    "lt": "ir į iš su yra kad bei ar nuo pagal arba dėl turi būti per šio pirkimo",
    "lv": "un ar ir uz par no kas vai pēc kā arī tiek līdz ne lai šī iepirkuma",
    "ga": "an na agus le ar i go is do de a ag bhfuil ná seo",
    "mt": "il ta li u ma fil jew għal bħala minn tal għall mill kuntratt",
    "cy": "yr y a i yn o ar am gan wedi mae bod neu hyn fydd",
}
SETS = {language: frozenset(words.split()) for language, words in COMMON.items()}
SCRIPTS = (("bg", re.compile("[\u0400-\u04ff]")), ("el", re.compile("[\u0370-\u03ff]")))
NEAR = (frozenset({"da", "no", "sv"}), frozenset({"cs", "sk"}), frozenset({"sl", "hr"}), frozenset({"es", "pt", "it"}), frozenset({"fi", "et"}))
LEAST_WORDS = 25
LEAST_SHARE = 0.15


def language_of(text: str) -> str:
    """The ISO code; empty where the text is short or the answer not plain."""
    letters = [char for char in text if char.isalpha()]
    for language, script in SCRIPTS:
        if len(letters) > 60 and sum(1 for char in letters if script.match(char)) > len(letters) * 0.6:
            return language
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(words) < LEAST_WORDS:
        return ""
    shares = sorted(((sum(word in common for word in words) / len(words), language) for language, common in SETS.items()), reverse=True)
    (best, language), (second, other) = shares[0], shares[1]
    near = any({language, other} <= group for group in NEAR)
    return language if best >= LEAST_SHARE and (best > second * 1.5 or near) else ""


def same(stated: str, found: str) -> bool:
    """Whether two languages agree, near neighbours counting as one."""
    return stated == found or any({stated, found} <= group for group in NEAR) or (stated == "cy" and found == "en")
