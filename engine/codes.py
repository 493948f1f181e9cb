"""Codes that stand for what people call by name: countries (ISO 3166), states of the US (USPS), languages (ISO 639), currencies (ISO 4217). Pure."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from specs.words import split

Kind = Literal["country", "state", "language", "currency"]

_COUNTRIES = """
AD Andorra|AE United Arab Emirates,UAE,Emirates|AF Afghanistan|AG Antigua and Barbuda|AL Albania|AM Armenia|AO Angola|AR Argentina|AT Austria
AU Australia|AZ Azerbaijan|BA Bosnia and Herzegovina,Bosnia|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain
BI Burundi|BJ Benin|BN Brunei|BO Bolivia|BR Brazil|BS Bahamas|BT Bhutan|BW Botswana|BY Belarus|BZ Belize|CA Canada
CD Democratic Republic of the Congo|CF Central African Republic|CG Congo|CH Switzerland|CI Ivory Coast|CL Chile|CM Cameroon|CN China|CO Colombia
CR Costa Rica|CU Cuba|CV Cape Verde|CY Cyprus|CZ Czech Republic,Czechia|DE Germany|DJ Djibouti|DK Denmark|DM Dominica|DO Dominican Republic
DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FR France|GA Gabon
GB United Kingdom,Great Britain,Britain,UK,England|GD Grenada|GE Georgia|GH Ghana|GL Greenland|GM Gambia|GN Guinea|GR Greece|GT Guatemala
GW Guinea-Bissau|GY Guyana|HK Hong Kong|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IN India|IQ Iraq|IR Iran
IS Iceland|IT Italy|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KP North Korea|KR South Korea,Korea,Republic of Korea
KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya
MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MG Madagascar|MK North Macedonia,Macedonia|ML Mali|MM Myanmar|MN Mongolia|MO Macao|MR Mauritania
MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NE Niger|NG Nigeria|NI Nicaragua
NL Netherlands,Holland|NO Norway|NP Nepal|NZ New Zealand|OM Oman|PA Panama|PE Peru|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland
PR Puerto Rico|PT Portugal|PY Paraguay|QA Qatar|RO Romania|RS Serbia|RU Russia,Russian Federation|RW Rwanda|SA Saudi Arabia|SC Seychelles
SD Sudan|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS South Sudan
SV El Salvador|SY Syria|SZ Eswatini|TD Chad|TG Togo|TH Thailand|TJ Tajikistan|TM Turkmenistan|TN Tunisia|TR Turkey,Türkiye|TT Trinidad and Tobago
TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|US United States,United States of America,USA,U.S.,U.S.A.,America|UY Uruguay|UZ Uzbekistan
VA Vatican,Vatican City|VE Venezuela|VN Vietnam|YE Yemen|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""
_STATES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia
HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan
MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York
NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee
TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming
"""
_LANGUAGES = """
ar Arabic|bg Bulgarian|bn Bengali|ca Catalan|cs Czech|cy Welsh|da Danish|de German|el Greek|en English|es Spanish|et Estonian|eu Basque
fa Persian,Farsi|fi Finnish|fr French|ga Irish|gl Galician|gu Gujarati|he Hebrew|hi Hindi|hr Croatian|hu Hungarian|hy Armenian|id Indonesian
is Icelandic|it Italian|ja Japanese|ka Georgian|kk Kazakh|ko Korean|la Latin|lt Lithuanian|lv Latvian|mk Macedonian|ml Malayalam|mn Mongolian
mr Marathi|ms Malay|ne Nepali|nl Dutch|no Norwegian|pa Punjabi|pl Polish|pt Portuguese|ro Romanian|ru Russian|sk Slovak|sl Slovenian|sq Albanian
sr Serbian|sv Swedish|sw Swahili|ta Tamil|te Telugu|th Thai|tl Tagalog|tr Turkish|uk Ukrainian|ur Urdu|uz Uzbek|vi Vietnamese|zh Chinese,Mandarin
"""
_CURRENCIES = """
AED dirhams|ARS Argentine pesos|AUD Australian dollars|BRL Brazilian reais,reais|CAD Canadian dollars|CHF Swiss francs,francs
CNY yuan,renminbi,Chinese yuan|CZK Czech koruna|DKK Danish kroner|EUR euros,euro|GBP British pounds,pounds sterling,pounds,sterling
HKD Hong Kong dollars|HUF forint|IDR rupiah|ILS shekels|INR Indian rupees,rupees|JPY Japanese yen,yen|KRW Korean won,won,South Korean won
MXN Mexican pesos|MYR ringgit|NOK Norwegian kroner|NZD New Zealand dollars|PHP Philippine pesos|PLN zloty|RUB rubles,Russian rubles|SAR riyals
SEK Swedish kronor,kronor|SGD Singapore dollars|THB baht,Thai baht|TRY Turkish lira,lira|TWD Taiwan dollars|UAH hryvnia
USD US dollars,U.S. dollars,American dollars,dollars,dollar|VND dong|ZAR rand
"""
_TABLES: Mapping[Kind, str] = {"country": _COUNTRIES, "state": _STATES, "language": _LANGUAGES, "currency": _CURRENCIES}

KINDS: tuple[Kind, ...] = tuple(_TABLES)
_CUES: Mapping[Kind, tuple[str, ...]] = {
    "country": ("country", "countries", "nation"), "state": ("state", "states", "province"), "language": ("language", "languages", "lang", "locale"),
    "currency": ("currency", "currencies"),
}  # fmt: skip


@cache
def names_of(kind: Kind) -> Mapping[str, tuple[str, ...]]:
    """Code -> what people call it."""
    entries = [entry for line in _TABLES[kind].split("\n") for entry in line.split("|") if entry]
    return {code: tuple(names.split(",")) for code, names in (entry.split(" ", 1) for entry in entries)}


@cache
def codes(kind: Kind) -> Mapping[str, str]:
    """Name in lower case -> code."""
    return {name.casefold(): code for code, names in names_of(kind).items() for name in names}


def code_of(kind: Kind, name: str) -> str | None:
    return codes(kind).get(name.casefold().removeprefix("the "))


def meanings(code: str, about: str) -> Iterator[str]:
    """What a code may stand for in a field that is about this: "fr-FR" is French, "CA" Canada or California."""
    for kind in kinds_in(about):
        found = code.partition("-")[0].partition("_")[0].lower() if kind == "language" else code.upper()
        yield from names_of(kind).get(found, ())


def kinds_in(about: str) -> list[Kind]:
    """Which of these a field's name and description speak of, what is said first first."""
    said = split(about)
    found = [(said.index(word), kind) for kind, cues in _CUES.items() for word in cues if word in said]
    return list(dict.fromkeys(kind for _, kind in sorted(found)))
