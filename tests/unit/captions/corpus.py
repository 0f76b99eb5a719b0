"""Sentences of our own in sixteen languages: short and long ones, questions, quotations, numbers,
money, foreign names, addresses and words longer than a line.
"""

SENTENCES = {
    "en": """
Yes.
Of course not!
We left the house a little before seven.
Who told you that the bridge was closed?
Dr. Mary Ann Smith opened the first clinic in 1987 with only $1,299 in the bank.
The river rises every spring, and the people who live beside it have learned to wait.
"Nobody asked me," she said, "and I would not have answered anyway."
You can read the whole report at https://www.example.org/reports/2024/annual-summary.html today.
It is 5 km to the next village, but the road is good and the view is worth it.
If the weather holds, we shall reach the lighthouse by noon; if not, we turn back.
He could have been a painter, a teacher or a sailor, and in the end he was all three.
The word internationalization has twenty letters.
My grandmother kept every letter that my grandfather ever sent her from the sea.
Wait a minute.
""",
    "es": """
Sí.
¡Claro que no!
Salimos de casa un poco antes de las siete.
¿Quién te dijo que el puente estaba cerrado?
La doctora María del Carmen Ruiz abrió la primera clínica en 1987 con solo 1299 € en el banco.
El río crece cada primavera, y la gente que vive a su orilla ha aprendido a esperar.
«Nadie me preguntó —dijo ella—, y de todos modos no habría contestado».
El informe completo se puede leer en https://www.ejemplo.org/informes/2024/resumen-anual.html hoy.
Faltan 5 km para el próximo pueblo, pero el camino es bueno y la vista vale la pena.
Si el tiempo aguanta, llegaremos al faro a mediodía; si no, nos daremos la vuelta.
Pudo haber sido pintor, maestro o marinero, y al final fue las tres cosas.
La palabra electroencefalografista tiene muchas letras.
Mi abuela guardó todas las cartas que mi abuelo le mandó desde el mar.
Espera un momento.
""",
    "fr": """
Oui.
Bien sûr que non\u202f!
Nous avons quitté la maison un peu avant sept heures.
Qui vous a dit que le pont était fermé\u202f?
Le docteur Marie-Anne Lefèvre a ouvert la première clinique en 1987 avec 1\u202f299\u202f€.
La rivière monte chaque printemps, et les gens qui vivent au bord ont appris à attendre.
«\u00a0Personne ne m’a demandé, dit-elle, et je n’aurais pas répondu de toute façon.\u00a0»
Le rapport entier est à lire sur https://www.exemple.org/rapports/2024/resume-annuel.html.
Il reste 5 km jusqu’au prochain village, mais la route est bonne et la vue en vaut la peine.
Si le temps se maintient, nous serons au phare à midi\u00a0; sinon, nous ferons demi-tour.
Il aurait pu être peintre, instituteur ou marin, et à la fin il a été les trois.
Le mot anticonstitutionnellement a vingt-cinq lettres.
Ma grand-mère a gardé toutes les lettres que mon grand-père lui avait envoyées de la mer.
Attends un peu.
""",
    "de": """
Ja.
Natürlich nicht!
Wir verließen das Haus kurz vor sieben.
Wer hat dir gesagt, dass die Brücke gesperrt ist?
Dr. Marianne Schmidt eröffnete 1987 die erste Praxis, mit nur 1.299 € auf dem Konto.
Der Fluss steigt jedes Frühjahr, und wer an seinem Ufer wohnt, hat das Warten gelernt.
„Niemand hat mich gefragt“, sagte sie, „und ich hätte auch nicht geantwortet.“
Den ganzen Bericht finden Sie unter https://www.beispiel.org/berichte/2024/jahresbericht.html.
Bis zum nächsten Dorf sind es 5 km, aber der Weg ist gut und die Aussicht lohnt sich.
Wenn das Wetter hält, sind wir gegen Mittag am Leuchtturm; wenn nicht, kehren wir um.
Er hätte Maler, Lehrer oder Seemann werden können, und am Ende war er alles zugleich.
Das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz galt bis 2013.
Meine Großmutter hat jeden Brief aufgehoben, den mein Großvater ihr vom Meer schrieb.
Einen Moment, bitte.
""",
    "ja": """
はい。
もちろん違います！
私たちは七時少し前に家を出ました。
橋が閉まっていると誰が言ったのですか？
医師の田中真理子さんは、1987年に最初の診療所を開きました。
川は春になると必ず増水し、岸辺に住む人々は待つことを覚えました。
「誰も私に聞かなかったし、聞かれても答えなかったでしょう」と彼女は言いました。
詳しい報告書はwww.example.orgで読むことができます。
次の村まで5キロありますが、道は良く、景色も素晴らしいです。
天気がもてば昼までに灯台に着きますが、だめなら引き返します。
彼は画家にも教師にも船乗りにもなれたし、結局はその全部になりました。
国際化は英語でinternationalizationといいます。
祖母は、祖父が海から送ってきた手紙を一通残らず取っておきました。
ちょっと待ってください。
""",
    "zh": """
是的。
当然不是！
我们七点前不久就离开了家。
谁告诉你那座桥关闭了？
玛丽·史密斯医生在1987年开了第一家诊所，银行里只有1299美元。
河水每年春天都会上涨，住在岸边的人们早已学会了等待。
“没有人问过我，”她说，“就算问了我也不会回答。”
请访问www.microsoft.com/zh-cn/support获取更多信息。
离下一个村子还有5公里，不过路很好走，风景也值得一看。
如果天气一直好，我们中午就能到灯塔；不然的话，我们就回头。
他本来可以当画家、老师或者水手，最后三样他都做过。
他在New York Times工作了十年，写过上千篇文章。
我祖母保存着祖父从海上寄给她的每一封信。
等一下。
""",
    "ko": """
네.
물론 아니에요!
우리는 일곱 시 조금 전에 집을 나섰습니다.
다리가 폐쇄되었다고 누가 말했어요?
김민정 박사는 1987년에 통장에 130만 원만 가지고 첫 진료소를 열었습니다.
강물은 봄마다 불어나고, 강가에 사는 사람들은 기다리는 법을 배웠습니다.
“아무도 나에게 묻지 않았어요. 물어봤어도 대답하지 않았을 거예요.” 그녀가 말했습니다.
보고서 전문은 https://www.example.org/reports/2024 에서 읽을 수 있습니다.
다음 마을까지는 5 km 남았지만 길이 좋고 경치도 볼 만합니다.
날씨가 괜찮으면 정오까지 등대에 도착하고, 아니면 돌아갈 겁니다.
그는 화가도 교사도 선원도 될 수 있었고, 결국 그 모두가 되었습니다.
국제화는 영어로 internationalization이라고 합니다.
할머니는 할아버지가 바다에서 보낸 편지를 모두 간직하셨습니다.
잠깐만요.
""",
    "pt": """
Sim.
Claro que não!
Saímos de casa um pouco antes das sete.
Quem lhe disse que a ponte estava fechada?
A Dra. Maria Helena Souza abriu a primeira clínica em 1987 com apenas R$ 1.299 no banco.
O rio sobe a cada primavera, e as pessoas que moram à sua margem aprenderam a esperar.
“Ninguém me perguntou”, disse ela, “e eu não teria respondido de qualquer maneira.”
O relatório completo está em https://www.exemplo.org/relatorios/2024/resumo-anual.html desde ontem.
Faltam 5 km até a próxima aldeia, mas a estrada é boa e a vista vale a pena.
Se o tempo ajudar, chegaremos ao farol ao meio-dia; se não, voltaremos.
Ele poderia ter sido pintor, professor ou marinheiro, e no fim foi os três.
A palavra inconstitucionalissimamente tem muitas letras.
Minha avó guardou todas as cartas que meu avô lhe mandou do mar.
Espere um minuto.
""",
    "it": """
Sì.
Certo che no!
Siamo usciti di casa poco prima delle sette.
Chi ti ha detto che il ponte era chiuso?
La dottoressa Maria Grazia Rossi aprì la prima clinica nel 1987 con soli 1.299 € in banca.
Il fiume si alza ogni primavera, e la gente che vive sulla riva ha imparato ad aspettare.
«Nessuno me l’ha chiesto», disse, «e comunque non avrei risposto».
Il rapporto completo si legge su https://www.esempio.org/rapporti/2024/riepilogo-annuale.html.
Mancano 5 km al prossimo villaggio, ma la strada è buona e il panorama merita.
Se il tempo regge, saremo al faro a mezzogiorno; altrimenti torneremo indietro.
Poteva fare il pittore, il maestro o il marinaio, e alla fine li fece tutti e tre.
La parola precipitevolissimevolmente ha ventisei lettere.
Mia nonna ha conservato tutte le lettere che mio nonno le mandava dal mare.
Aspetta un attimo.
""",
    "ru": """
Да.
Конечно нет!
Мы вышли из дома незадолго до семи.
Кто тебе сказал, что мост закрыт?
Доктор Мария Петровна Иванова открыла первую клинику в 1987 году, имея всего 1299 долларов.
Река поднимается каждую весну, и люди на её берегах научились ждать.
«Никто меня не спросил, — сказала она, — да я бы всё равно не ответила».
Весь отчёт можно прочитать на https://www.example.org/otchety/2024/godovoy-otchet.html уже сегодня.
До следующей деревни 5 км, но дорога хорошая и вид того стоит.
Если погода продержится, к полудню мы будем у маяка; если нет, повернём назад.
Он мог стать художником, учителем или моряком и в конце концов стал всеми тремя.
Слово рентгеноэлектрокардиографического очень длинное.
Бабушка хранила каждое письмо, которое дедушка присылал ей с моря.
Подожди минуту.
""",
    "ar": """
نعم.
بالطبع لا!
غادرنا البيت قبل السابعة بقليل.
من قال لك إن الجسر مغلق؟
افتتحت الدكتورة مريم أول عيادة عام 1987 وليس معها سوى 1299 دولارا.
يرتفع النهر كل ربيع، وقد تعلم الناس الذين يعيشون على ضفته الانتظار.
قالت: «لم يسألني أحد، ولم أكن لأجيب على أي حال».
يمكنكم قراءة التقرير كاملا على https://www.example.org/reports/2024/annual-summary.html اليوم.
تبقى 5 كم إلى القرية التالية، لكن الطريق جيد والمنظر يستحق العناء.
إذا بقي الطقس جيدا فسنصل إلى المنارة ظهرا، وإلا فسنعود.
كان يمكنه أن يصبح رساما أو معلما أو بحارا، وفي النهاية صار الثلاثة معا.
قالت شركة Microsoft إنها ستستثمر في المنطقة.
احتفظت جدتي بكل رسالة أرسلها إليها جدي من البحر.
انتظر لحظة.
""",
    "hi": """
हाँ।
बिल्कुल नहीं!
हम सात बजे से थोड़ा पहले घर से निकले।
तुमसे किसने कहा कि पुल बंद है?
डॉक्टर मीरा शर्मा ने 1987 में पहला क्लिनिक खोला, जब उनके पास केवल ₹5,000 थे।
नदी हर वसंत में चढ़ती है, और उसके किनारे रहने वाले लोग इंतज़ार करना सीख गए हैं।
उसने कहा, “किसी ने मुझसे पूछा ही नहीं, और मैं जवाब भी नहीं देती।”
पूरी रिपोर्ट https://www.example.org/reports/2024/annual-summary.html पर पढ़ी जा सकती है।
अगले गाँव तक 5 किमी है, लेकिन रास्ता अच्छा है और नज़ारा देखने लायक है।
अगर मौसम ठीक रहा तो हम दोपहर तक पहुँच जाएँगे; नहीं तो लौट आएँगे।
वह चित्रकार, शिक्षक या नाविक बन सकता था, और अंत में वह तीनों बना।
यह शब्द अंतर्राष्ट्रीयकरण बहुत लंबा है।
मेरी दादी ने दादाजी का समुद्र से भेजा हुआ हर पत्र सँभालकर रखा।
एक मिनट रुको।
""",
    "th": """
ใช่
ไม่ใช่แน่นอน
เราออกจากบ้านก่อนเจ็ดโมงเล็กน้อย
ใครบอกคุณว่าสะพานปิด
คุณหมอมาลีเปิดคลินิกแห่งแรกในปี 1987 ทั้งที่มีเงินในธนาคารเพียง 1,299 ดอลลาร์
แม่น้ำขึ้นทุกฤดูใบไม้ผลิ และผู้คนที่อยู่ริมฝั่งก็เรียนรู้ที่จะรอ
เธอพูดว่า “ไม่มีใครถามฉัน และถึงถามฉันก็คงไม่ตอบ”
อ่านรายงานฉบับเต็มได้ที่ https://www.example.org/reports/2024/annual-summary.html วันนี้
อีก 5 กม. จะถึงหมู่บ้านถัดไป แต่ถนนดีและวิวก็คุ้มค่า
ถ้าอากาศยังดีอยู่ เราจะถึงประภาคารตอนเที่ยง ถ้าไม่ดี เราก็จะกลับ
เขาอาจเป็นจิตรกร ครู หรือกะลาสีก็ได้ และสุดท้ายเขาก็เป็นทั้งสามอย่าง
เขาทำงานที่ New York Times มาสิบปี
คุณยายเก็บจดหมายทุกฉบับที่คุณตาส่งมาจากทะเล
รอสักครู่
""",
    "vi": """
Vâng.
Tất nhiên là không!
Chúng tôi rời nhà trước bảy giờ một chút.
Ai nói với anh là cây cầu đã đóng?
Bác sĩ Nguyễn Thị Mai mở phòng khám đầu tiên năm 1987 khi chỉ có 1.299 đô la.
Mỗi mùa xuân nước sông lại dâng, và người dân ven bờ đã học được cách chờ đợi.
“Không ai hỏi tôi cả”, cô nói, “mà có hỏi thì tôi cũng không trả lời.”
Có thể đọc toàn bộ báo cáo tại https://www.example.org/bao-cao/2024/tong-ket-nam.html từ hôm nay.
Còn 5 km nữa là đến làng tiếp theo, nhưng đường tốt và cảnh rất đẹp.
Nếu thời tiết tốt, trưa nay chúng ta sẽ đến ngọn hải đăng; nếu không thì quay về.
Anh ấy có thể là họa sĩ, thầy giáo hay thủy thủ, và cuối cùng anh là cả ba.
Ông làm việc ở New York Times mười năm.
Bà tôi giữ mọi lá thư mà ông tôi gửi về từ biển.
Chờ một chút.
""",
    "he": """
כן.
ברור שלא!
יצאנו מהבית קצת לפני שבע.
מי אמר לך שהגשר סגור?
ד״ר מרים כהן פתחה את המרפאה הראשונה בשנת 1987 עם 1,299 דולר בלבד בבנק.
הנהר עולה בכל אביב, והאנשים שגרים על גדותיו למדו לחכות.
"אף אחד לא שאל אותי", היא אמרה, "וגם לא הייתי עונה."
אפשר לקרוא את הדוח המלא ב-https://www.example.org/reports/2024/annual-summary.html כבר היום.
נשארו 5 ק״מ עד הכפר הבא, אבל הדרך טובה והנוף שווה את זה.
אם מזג האוויר יחזיק, נגיע למגדלור עד הצהריים; אם לא, נחזור.
הוא היה יכול להיות צייר, מורה או מלח, ובסוף הוא היה כל השלושה.
חברת Microsoft הודיעה שתשקיע באזור.
סבתא שלי שמרה כל מכתב שסבא שלי שלח לה מהים.
חכה רגע.
""",
    "ta": """
ஆம்.
நிச்சயமாக இல்லை!
ஏழு மணிக்குச் சற்று முன்பு நாங்கள் வீட்டை விட்டுக் கிளம்பினோம்.
பாலம் மூடப்பட்டதாக உனக்கு யார் சொன்னது?
மருத்துவர் மீனா 1987 இல் முதல் மருத்துவமனையைத் திறந்தார்.
ஒவ்வொரு வசந்த காலத்திலும் ஆறு பெருகும், கரையில் வாழும் மக்கள் காத்திருக்கக் கற்றுக்கொண்டனர்.
“என்னை யாரும் கேட்கவில்லை, கேட்டிருந்தாலும் பதில் சொல்லியிருக்க மாட்டேன்” என்றாள்.
முழு அறிக்கையை https://www.example.org/reports/2024/annual-summary.html தளத்தில் படிக்கலாம்.
அடுத்த ஊருக்கு 5 கிமீ இருக்கிறது, ஆனால் சாலை நன்றாக இருக்கிறது.
வானிலை நன்றாக இருந்தால் மதியத்திற்குள் சென்றுவிடுவோம்; இல்லையென்றால் திரும்பிவிடுவோம்.
அவன் ஓவியனாகவோ ஆசிரியனாகவோ மாலுமியாகவோ ஆகியிருக்கலாம்.
இந்தச் சொல் சர்வதேசமயமாக்கல் மிகவும் நீளமானது.
தாத்தா கடலிலிருந்து அனுப்பிய ஒவ்வொரு கடிதத்தையும் பாட்டி பத்திரமாக வைத்திருந்தார்.
ஒரு நிமிடம் பொறு.
""",
}
"""By language, a sentence a line."""


def sentences(language: str) -> list[str]:
    return SENTENCES[language].strip().split("\n")
