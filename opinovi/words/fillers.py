"""Words that say little: some are left out of a search, some count only where nothing else was asked.

Kept by hand, in the three languages together: people mix them.
"""


def listed(words: str) -> frozenset[str]:
    """Words with spaces between."""
    return frozenset(words.split())


STOP = listed(
    """
    ja tai sekä että jos kun kuin niin myös mutta vai eli joka jotka mikä mitä missä mistä mihin
    miten kuinka kuka kenelle koska milloin miksi onko on olen olet olla oli ovat en et ei eivät
    minä sinä hän me te he minun minua minulle mun mulle sun sinun se ne tämä nämä tuo joku jokin
    jotain haluan haluaisin tahdon tarvitsen tarvitsisin etsin etsiä voin voinko voisin voiko saan
    saako pitää pitäisi pääsen pääsee haussa haluta käydä käyn mennä menen kanssa varten ilman aina
    nyt sitten vielä vain eri kaikki kaikille muu muut oman oma omaa olisi tulla tulen och eller att
    som i på av för med till från om en ett den det de jag du han hon vi ni mig min mitt mina dig
    din är var har hade vill skulle behöver söker letar kan hur vad när vilka vilken finns inte
    också men så då där här ska bli blir någon något några sin sitt sina över efter vid hos man and
    or the a an of in on at to for from by with without about as is are am be been was were will
    would like want need i i'm im you he she we they me my your our their this that these those it's
    what where when how which who can could should do does did have has had not but if so than then
    there here some any into up out get find looking
    """
)
"""Left out of every search, unless there is nothing else in it."""

LEARNING = (
    listed(
        """
    koulutus tutkinto kurssi opinto opiskelu opetus
    """
    ),
    listed(
        """
    utbildning examen kurs studie studier
    """
    ),
    listed(
        """
    training qualification course study education class
    """
    ),
)
"""Ends of compounds that all mean learning something: of *hitsauskurssi* it is *hitsaus* that tells."""

GENERIC = listed(
    """
    koulutus opiskella opiskelu opiskelija opinto opinnot kurssi tutkinto opetus opetella oppia
    oppiminen kouluttautua kouluttaa ala it ammatti hakea haku aikuinen ihminen henkilö mahdollisuus
    apu auttaa tieto palvelu utbildning utbilda kurs studie studier studera studium examen lära yrke
    bransch hjälp hjälpa vuxen person tjänst training course study studying education qualification
    degree learn learning become teach school help service adult people person profession field
    """
)
"""Asked for only where no other word was: nearly everything here is about them."""
