"""Romance languages."""

from .language import Language, words

LANGUAGES = (
    Language(
        code="ca",
        name="Catalan",
        locale="ca-ES",
    ),
    Language(
        code="es",
        name="Spanish",
        locale="es-ES",
        links=words(
            "y e o u pero sino porque que si cuando aunque como de del a al en con por para sin "
            "sobre entre hasta desde hacia contra durante mientras"
        ),
        leads=words(
            "el la los las un una unos unas mi tu su ha han había es era fue será puede no sr. sra."
        ),
        negations=words("no nunca nada jamás nadie ningún ninguna ni sin"),
    ),
    Language(
        code="fr",
        name="French",
        locale="fr-FR",
        links=words(
            "et ou mais donc car que si quand lorsque parce comme de du des à au aux en dans avec "
            "par pour sans sur sous entre vers chez contre pendant depuis"
        ),
        leads=words(
            "le la les un une mon ma ton son sa ce cette ces a ont avait est était sera peut ne "
            "n' m. mme"
        ),
        negations=words("ne pas jamais rien personne aucun aucune sans non"),
    ),
    Language(
        code="gl",
        name="Galician",
        locale="gl",
    ),
    Language(
        code="it",
        name="Italian",
        locale="it-IT",
        links=words(
            "e ed o ma perché che se quando mentre come di del della a al alla in nel nella con "
            "per da dal dalla su sul sulla tra fra senza contro durante"
        ),
        leads=words(
            "il lo la i gli le un uno una mio mia suo sua ha hanno aveva è era sarà può non sig."
        ),
        negations=words("non mai niente nessuno nessuna né senza"),
    ),
    Language(
        code="pt",
        name="Portuguese",
        locale="pt-BR",
        links=words(
            "e ou mas porque que se quando embora como de do da dos das a ao à em no na nos nas "
            "com por pelo pela para sem sobre entre até desde contra durante enquanto"
        ),
        leads=words(
            "o a os as um uma uns umas meu minha seu sua ter tem tinha é era foi será pode "
            "poderia não sr. sra. dr."
        ),
        negations=words("não nunca nada ninguém nenhum nenhuma nem sem jamais"),
    ),
    Language(
        code="ro",
        name="Romanian",
        locale="ro-RO",
    ),
)
