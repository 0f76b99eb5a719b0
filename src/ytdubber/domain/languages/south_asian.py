"""Languages of South Asia."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="bn",
        name="Bengali",
        locale="bn-BD",
        abbreviations=words("ড ডা মো মি মিসেস অধ্যা"),
        negations=words("না নেই নয় নি ছাড়া"),
    ),
    Language(
        code="gu",
        name="Gujarati",
        locale="gu",
        abbreviations=words("ડૉ શ્રી પ્રો રૂ"),
        negations=words("નથી નહીં નહિ ના વગર"),
    ),
    Language(
        code="hi",
        name="Hindi",
        locale="hi-IN",
        abbreviations=words("डॉ श्री प्रो सं रु कु पं मो"),
        negations=words("नहीं नही न ना मत बिना"),
        numerals=numerals("शून्य एक दो* तीन चार पाँच/पांच छह/छः सात आठ नौ दस ग्यारह बारह"),
    ),
    Language(
        code="kn",
        name="Kannada",
        locale="kn",
        abbreviations=words("ಡಾ ಶ್ರೀ ಪ್ರೊ ರೂ"),
    ),
    Language(
        code="ml",
        name="Malayalam",
        locale="ml",
        abbreviations=words("ഡോ ശ്രീ പ്രൊഫ രൂ"),
    ),
    Language(
        code="mr",
        name="Marathi",
        locale="mr",
        abbreviations=words("डॉ श्री प्रा रु सौ कु"),
        negations=words("नाही नको नाहीत न नका शिवाय"),
    ),
    Language(
        code="ne",
        name="Nepali",
        locale="ne",
        abbreviations=words("डा श्री प्रा रु सं"),
        negations=words("छैन होइन नगर न बिना"),
    ),
    Language(
        code="pa",
        name="Punjabi",
        locale="pa",
        abbreviations=words("ਡਾ ਸ੍ਰੀ ਪ੍ਰੋ"),
        negations=words("ਨਹੀਂ ਨਾ ਬਿਨਾਂ ਨਹੀ"),
    ),
    Language(
        code="ta",
        name="Tamil",
        locale="ta-IN",
        abbreviations=words("திரு டாக்டர் பேரா ரூ எ.கா"),
    ),
    Language(
        code="te",
        name="Telugu",
        locale="te",
        abbreviations=words("డా శ్రీ ప్రొ రూ"),
    ),
    Language(
        code="ur",
        name="Urdu",
        locale="ur-PK",
        negations=words("نہیں نہ مت بغیر"),
    ),
)
