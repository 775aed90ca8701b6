/* SPDX-License-Identifier: EUPL-1.2 */
/* swedish.c - pairs of English and Swedish, and the search among them. */
#include "protocol/swedish.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* In the order of the files that say it. A Swedish format has the same conversions in the same
 * order. */
/* clang-format off */
static const struct {
    const char *english, *swedish;
} pairs[] = {
    /* crypto/status.h */
    {"ok", "klart"},
    {"the data ends too early", "uppgifterna slutar för tidigt"},
    {"there is data after the end", "det står något efter slutet"},
    {"longer or larger than allowed", "längre eller större än tillåtet"},
    {"a value is outside its allowed range", "ett värde är utanför det tillåtna"},
    {"a value is not in its canonical encoding", "ett värde är inte skrivet på sin enda tillåtna form"},
    {"not of the expected form", "inte på väntad form"},
    {"a version this program does not know", "en version som detta program inte känner till"},
    {"an algorithm or extension that is not supported", "en algoritm eller ett tillägg som inte stöds"},
    {"the configuration cannot be used", "konfigurationen går inte att använda"},
    {"the command line is not understood", "kommandoraden förstås inte"},
    {"a consistency rule of the catalogue is broken", "en av katalogens regler är bruten"},
    {"not found", "finns inte"},
    {"a proof does not hold", "ett bevis håller inte"},
    {"a share does not open its commitment", "en andel öppnar inte sitt åtagande"},
    {"a signature does not hold", "en underskrift gäller inte"},
    {"a ciphertext does not open", "något krypterat går inte att öppna"},
    {"not on the roster", "står inte på förteckningen"},
    {"belongs to another task", "hör till en annan insamling eller period"},
    {"seen before", "har kommit förut"},
    {"the submission number is not newer than the last one", "inlämningens nummer är inte nyare än det förra"},
    {"one name or number with two contents", "ett namn eller nummer med två innehåll"},
    {"not possible in this state", "inte möjligt i detta läge"},
    {"too early", "för tidigt"},
    {"too late", "för sent"},
    {"too few contributors", "för få uppgiftslämnare"},
    {"two things that must be equal differ", "två saker som ska vara lika skiljer sig"},
    {"not allowed to this peer", "inte tillåtet för den som frågar"},
    {"out of memory", "minnet räcker inte"},
    {"too much at once, try again", "för mycket på en gång, försök igen"},
    {"no space left", "ingen plats kvar"},
    {"no answer in time", "inget svar i tid"},
    {"a file cannot be read or written", "en fil går inte att läsa eller skriva"},
    {"the other side cannot be reached", "motparten går inte att nå"},
    {"the other side answered wrongly", "motparten svarade fel"},
    {"the database failed", "databasen fungerar inte"},
    {"the cryptographic library failed", "kryptobiblioteket fungerar inte"},
    {"an error in the program", "ett fel i programmet"},

    /* crypto/ */
    {"a count is larger than its indicator allows", "ett antal är större än dess uppgift tillåter"},
    {"the counts break a consistency rule of the catalogue", "antalen bryter mot en av katalogens regler"},
    {"submission numbers begin at 1", "inlämningars nummer börjar med 1"},
    {"the counts differ from the revision before, and the flag says that they do not",
     "antalen är andra än i revisionen före, och flaggan säger att de inte är det"},
    {"openings of the revision before are %s contributor %u", "öppningar av revisionen före %s uppgiftslämnare %u"},
    {"given, but nothing was counted of", "finns, men inget räknades av"},
    {"needed for", "behövs för"},
    {"the openings given are not those of what counted in the revision before",
     "öppningarna är inte de av det som räknades i revisionen före"},
    {"a later revision has cells to compare and, last, a flag of bound 1",
     "en senare revision har celler att jämföra och, sist, en flagga med gränsen 1"},
    {"cell %zu: its bound is over 2^62, so a comparison with the revision before does not fit 64 bits",
     "cell %zu: dess gräns är över 2^62, så en jämförelse med revisionen före ryms inte i 64 bitar"},
    {"contributor %u is not on the roster of %u", "uppgiftslämnare %u finns inte på förteckningen med %u"},
    {"the signing key is not the roster's for contributor %u",
     "signeringsnyckeln är inte den som förteckningen har för uppgiftslämnare %u"},
    {"the leader's aggregate share is malformed", "ledarens andel av summan har fel form"},
    {"the helper's aggregate share is malformed", "hjälparens andel av summan har fel form"},
    {"cell %zu: the shares do not add up to a number", "cell %zu: andelarna blir tillsammans inget antal"},
    {"rule %zu: has %u terms, allowed are 1 to %u", "regel %zu: har %u termer, tillåtet är 1 till %u"},
    {"rule %zu: its constant is -2^63", "regel %zu: dess konstant är -2^63"},
    {"rule %zu: term %zu names cell %u of %u", "regel %zu: term %zu avser cell %u av %u"},
    {"rule %zu: term %zu is not in order of cells", "regel %zu: term %zu står inte i cellernas ordning"},
    {"rule %zu: term %zu has coefficient 0 or -2^63", "regel %zu: term %zu har koefficienten 0 eller -2^63"},
    {"rule %zu: its largest values and its width reach 2^128, so it could wrap around",
     "regel %zu: dess största värden och bredd når 2^128, så att den kunde slå runt"},
    {"%u cells and %u rules: allowed are %u and %u", "%u celler och %u regler: tillåtet är %u och %u"},
    {"cell %zu: its bound is 0", "cell %zu: dess gräns är 0"},
    {"openings of what counted in the revision before are missing, or given where nothing counted",
     "det som öppnar det som räknades i revisionen före saknas, eller ges där inget räknades"},
    {"a correction of this period: %s", "en rättelse av denna period: %s"},
    {"the task that is there is not the one they name", "det uppdrag som finns är inte det som namnges"},
    {"the accepted list of the task before has another hash", "listan över mottagna inlämningar i det som rättas har en annan hash"},
    {"their revision is not higher", "revisionen är inte högre"},
    {"another collection or publisher", "en annan insamling eller utgivare"},
    {"another period", "en annan period"},
    {"another catalogue", "en annan katalog"},
    {"another roster", "en annan förteckning"},
    {"other groups", "andra grupper"},
    {"another policy", "andra regler för röjandekontroll"},
    {"fewer than %u contributors of those that belong to the same groups changed anything: the difference from what is published would be theirs; the change waits for the next correction",
     "färre än %u av de uppgiftslämnare som hör till samma grupper har ändrat något: skillnaden mot det publicerade vore deras; ändringen väntar på nästa rättelse"},
    {"fewer than %u of the contributors counted before are missing now: the difference from what is published would be theirs",
     "färre än %u av de uppgiftslämnare som räknades förut fattas nu: skillnaden mot det publicerade vore deras"},
    {"contributors who were counted in an earlier revision and not in the one that is corrected are back, and beside them fewer than %u of those that belong to the same groups changed anything: the difference from that revision would be theirs; the change waits for the next correction",
     "uppgiftslämnare som räknades i en tidigare revision och inte i den som rättas är tillbaka, och utom dem har färre än %u av dem som tillhör samma grupper ändrat något: skillnaden mot den revisionen vore deras; ändringen väntar till nästa rättelse"},
    {"a revision collected earlier and never released is passed over, and the difference from it could be that of fewer than %u contributors: of those that belong to the same groups nobody, or at least %u more or fewer than in that one, must have changed; the change waits for the next correction",
     "en revision som hämtades tidigare och aldrig gavs ut hoppas över, och skillnaden mot den kan vara färre än %u uppgiftslämnares: av dem som tillhör samma grupper ska ingen ha ändrat något, eller minst %u fler eller färre än i den; ändringen väntar till nästa rättelse"},
    {"nobody changed anything: there is nothing to correct", "ingen har ändrat något: det finns inget att rätta"},
    {"previous: revision 0 corrects nothing", "previous: revision 0 rättar ingenting"},
    {"a proof of it has %zu bits, allowed are %u", "ett bevis av det har %zu bitar, tillåtet är %u"},

    /* protocol/: bundle */
    {"the file %s is not the one that was released", "filen %s är inte den som gavs ut"},
    {"the release ends too early", "utgivningens lista slutar för tidigt"},
    {"the publisher's signature on the release does not hold", "utgivarens underskrift på utgivningen gäller inte"},
    {"the release is of another task", "utgivningen gäller en annan insamling eller period"},
    {"the release lists %u files, the bundle has %zu", "utgivningen räknar upp %u filer, paketet har %zu"},
    {"bundle: bytes after its end, at %zu", "paketet: något står efter slutet, vid byte %zu"},
    {"bundle: more than %u files", "paketet: fler än %u filer"},
    {"bundle: no file of the required form at byte %zu", "paketet: ingen fil på rätt form vid byte %zu"},
    {"bundle: the file at byte %zu is unknown or out of order",
     "paketet: filen vid byte %zu är okänd eller står i fel ordning"},
    {"bundle: %zu bytes are too many", "paketet: %zu byte är för mycket"},
    {"bundle: no memory for %zu files", "paketet: minnet räcker inte för %zu filer"},
    {"log/left: %s", "filen log/left: %s"},
    {"log/leaves: %s", "filen log/leaves: %s"},
    {"log/records: %s", "filen log/records: %s"},

    /* protocol/: catalogue */
    {"catalogue", "katalogen"},
    {"catalogue, byte %zu: %s", "katalogen, byte %zu: %s"},
    {"the catalogue is longer than %u bytes", "katalogen är längre än %u byte"},
    {"line %zu, %s: %s", "rad %zu, %s: %s"},
    {"line %d, column %d: %s", "rad %d, kolumn %d: inte giltig JSON (%s)"},
    {"\"%.60s\" already stands for element %zu", "\"%.60s\" står redan för element %zu"},
    {"\"%.60s\" has a comma or a bar, which stand between the categories of a record that has several",
     "\"%.60s\" har ett komma eller ett lodrätt streck, som står mellan kategorierna i en post som har flera"},
    {"a code has 1 to %d characters of A-Z a-z 0-9 _ and -", "en kod har 1 till %d tecken av A-Z a-z 0-9 _ och -"},
    {"has 1 to %d characters of A-Z a-z 0-9 _ and -", "har 1 till %d tecken av A-Z a-z 0-9 _ och -"},
    {"must not be empty", "får inte vara tomt"},
    {"is longer than %d bytes", "är längre än %d byte"},
    {"is longer than %zu bytes", "är längre än %zu byte"},
    {"must be one line of text without control characters", "ska vara en rad text utan styrtecken"},
    {"does not fit the kind of column", "passar inte kolumnens slag"},
    {"a record kind has one id column", "ett slags poster har en id-kolumn"},
    {"there is no such dimension", "det finns ingen sådan dimension"},
    {"%s stands here twice", "%s står här två gånger"},
    {"record kind %s must have one column of %s", "postslaget %s ska ha en kolumn för %s"},
    {"there is no such column", "det finns ingen sådan kolumn"},
    {"%s is a number or an id", "%s är ett tal eller ett id"},
    {"must be \"yes\" or \"no\"", "ska vara \"yes\" eller \"no\""},
    {"dimension %s has no category %.40s", "dimensionen %s har ingen kategori %.40s"},
    {"must name a column of kind number", "ska vara en kolumn av slaget number"},
    {"must name a column of kind text, and not together with sum",
     "ska vara en kolumn av slaget text, och inte tillsammans med sum"},
    {"different values cannot be added up: one that comes in two periods would count twice",
     "olika värden går inte att lägga ihop: ett som kommer i två perioder skulle räknas två gånger"},
    {"what is counted once a year has no periods to add up", "det som räknas en gång om året har inga perioder att lägga ihop"},
    {"must be 1000 or 10000", "ska vara 1000 eller 10000"},
    {"is outside its range", "är utanför det tillåtna"},
    {"there is no such record kind", "det finns inget sådant postslag"},
    {"there is no cell %s", "det finns ingen cell %s"},
    {"the coefficient of %s is zero or too large", "koefficienten för %s är noll eller för stor"},
    {"%s and %s are of different cadence", "%s och %s har olika periodicitet"},
    {"cells are not in order", "cellerna står inte i ordning"},
    {"is too large", "är för stort"},
    {"must be a dimension's code in quotes", "ska vara en dimensions kod inom citattecken"},
    {"there is no dimension %.40s", "det finns ingen dimension %.40s"},
    {"only a column of kind category has one", "bara en kolumn av slaget category har en"},
    {"record kind %s has no column %s", "postslaget %s har ingen kolumn %s"},
    {"must be a list [ ]", "ska vara en lista [ ]"},
    {"has more than %d elements", "har fler än %d element"},
    {"has more than %zu elements", "har fler än %zu element"},
    {"there is no record kind %s", "det finns inget postslag %s"},
    {"must be a list [ ] of dimensions' codes", "ska vara en lista [ ] med dimensioners koder"},
    {"must be an object of cells and coefficients", "ska vara ett objekt med celler och koefficienter"},
    {"has more than %u cells", "har fler än %u celler"},
    {"%.40s... is too long for a cell", "%.40s... är för långt för en cell"},
    {"must be an object { }", "ska vara ett objekt { }"},
    {"this program knows version %d only", "detta program känner bara till version %d"},
    {"unknown field; known here are: %s", "okänt fält; kända är här: %s"},
    {"is missing", "saknas"},
    {"must be a text in quotes", "ska vara en text inom citattecken"},
    {"must be true or false", "ska vara true eller false"},
    {"must be a whole number", "ska vara ett heltal"},
    {"must be from %" PRId64 " to %" PRId64, "ska vara från %" PRId64 " till %" PRId64},
    {"must be one of %s", "ska vara ett av %s"},
    {"must be a list [ ] of texts", "ska vara en lista [ ] med texter"},
    {"has more than %d texts", "har fler än %d texter"},

    /* protocol/: layout */
    {"catalogue %s has no indicator of this kind of period", "katalogen %s har ingen uppgift för detta slags period"},
    {"%zu cells are more than the %u a task may have", "%zu celler är fler än de %u som en insamling får ha"},
    {"%zu rules are more than the %u a task may have", "%zu regler är fler än de %u som en insamling får ha"},
    {"rule %s: no cell %s", "regel %s: cellen %s finns inte"},
    {"rule %s can never hold within the bounds", "regel %s kan aldrig hålla inom gränserna"},
    {"rule %s: its largest value is over 2^64", "regel %s: dess största värde är över 2^64"},

    /* protocol/: receipts */
    {"the receipt is for another task (period %s, revision %u)",
     "kvittot gäller en annan insamling (period %s, revision %u)"},
    {"the receipt names contributor %u of a roster of %u",
     "kvittot gäller uppgiftslämnare %u av en förteckning med %u"},
    {"the leader's signature on the receipt does not hold", "ledarens underskrift på kvittot gäller inte"},
    {"the helper's signature on the receipt does not hold", "hjälparens underskrift på kvittot gäller inte"},

    /* protocol/: policies of public logs */
    {"line %zu of the policy: %s", "rad %zu i policyn: %s"},
    {"expected \"log KEY\", \"witness NAME KEY [URL]\", \"group NAME all|any|N NAME...\" of names above, or "
     "\"quorum NAME\"",
     "väntade \"log NYCKEL\", \"witness NAMN NYCKEL [URL]\", \"group NAMN all|any|N NAMN...\" av namn ovanför, eller "
     "\"quorum NAMN\""},
    {"the key was changed or cut: its identifier does not belong to it",
     "nyckeln är ändrad eller avkapad: dess kännetecken hör inte till den"},
    {"the key is of another type than the line: a log's for a witness, or a witness's for a log",
     "nyckeln är av annat slag än raden: en loggs för ett vittne, eller ett vittnes för en logg"},
    {"a name, a key or a member of a group stands twice", "ett namn, en nyckel eller en medlem i en grupp står två gånger"},
    {"the policy has no line \"quorum\"", "policyn saknar raden \"quorum\""},
    {"the policy must name one log, %s", "policyn ska nämna en enda logg, %s"},
    {"the policy must name the helper's witness, %s", "policyn ska nämna hjälparens vittne, %s"},
    {"the policy's quorum must need the helper, and a witness that is not",
     "policyns quorum måste kräva hjälparen, och ett vittne som inte är den"},
    {"the policy's witness %s is the log or the helper once more, under another key or name; each witness must be "
     "somebody else",
     "policyns vittne %s är loggen eller hjälparen en gång till, med en annan nyckel eller ett annat namn; varje vittne "
     "ska vara någon annan"},
    {"the entry is not where the proof says", "posten står inte där beviset säger"},
    {"no log of the policy signed it", "ingen av policyns loggar har undertecknat"},
    {"a signature of a log or witness of the policy does not hold",
     "en underskrift av en logg eller ett vittne i policyn stämmer inte"},
    {"too few of the policy's witnesses cosigned it", "för få av policyns vittnen har intygat"},
    /* protocol/: problems (a server's answer) */
    {"The message is invalid.", "Meddelandet är ogiltigt."},
    {"The task is unknown.", "Insamlingen är okänd."},
    {"The aggregation job is unknown.", "Aggregeringsjobbet är okänt."},
    {"The query names no valid batch.", "Frågan avser ingen giltig omgång."},
    {"The number of reports in the batch is invalid.", "Antalet inlämningar är ogiltigt."},
    {"The aggregation parameter is invalid.", "Aggregeringsparametern är ogiltig."},
    {"The aggregators disagree on the reports in the batch.", "Servrarna är inte överens om inlämningarna."},
    {"The aggregators disagree on the step of the aggregation.", "Servrarna är inte överens om aggregeringens steg."},
    {"The batch holds reports that were collected before.", "Inlämningarna är redan hämtade."},
    {"An extension is not supported.", "Ett tillägg stöds inte."},
    {"The extensions are out of order or invalid.", "Tilläggen står i fel ordning eller är ogiltiga."},

    /* protocol/: roster and key cards */
    {"a contributor's code is 1 to %d letters A-Z, a-z, digits, - and _",
     "en uppgiftslämnares kod är 1 till %d bokstäver A-Z, a-z, siffror, - och _"},
    {"contributor %s: the name is 1 to %d bytes of UTF-8 on one line, without spaces around it",
     "uppgiftslämnare %s: namnet är 1 till %d byte UTF-8 på en rad, utan blanksteg omkring"},
    {"contributors %s (%s) and %s (%s) have the same key", "uppgiftslämnarna %s (%s) och %s (%s) har samma nyckel"},
    {"a roster holds at most %u contributors, not %u", "en förteckning har högst %u uppgiftslämnare, inte %u"},
    {"no memory for %u contributors", "minnet räcker inte för %u uppgiftslämnare"},
    {"the code %s belongs to both %s and %s", "koden %s står för både %s och %s"},
    {"key card: the line \"%s\" is missing", "nyckelkort: raden \"%s\" saknas"},
    {"key card: expected a line that starts with \"%s\"", "nyckelkort: väntade en rad som börjar med \"%s\""},
    {"key card: its first line is not \"%s\"; this program knows that version alone",
     "nyckelkort: första raden är inte \"%s\"; detta program känner bara till den versionen"},
    {"key card: there is text after the signature", "nyckelkort: det står text efter underskriften"},
    {"key card: the %s is longer than %zu bytes", "nyckelkort: %s är längre än %zu byte"},
    {"key card: the %s holds a NUL", "nyckelkort: %s har ett NUL-tecken"},
    {"key card: longer than %d bytes", "nyckelkort: längre än %d byte"},
    {"key card of %s: the key is %d and the signature %d characters of base64url",
     "nyckelkort för %s: nyckeln är %d och underskriften %d tecken base64url"},
    {"key card of %s (%s): the signature does not hold; the card was changed after it was made",
     "nyckelkort för %s (%s): underskriften gäller inte; kortet har ändrats sedan det gjordes"},

    /* protocol/: parameters */
    {"parameters: they cannot be encoded again", "villkoren: de går inte att koda om"},
    {"parameters: not in their canonical encoding", "villkoren: inte skrivna på sin enda tillåtna form"},
    {"parameters: no memory for a task", "villkoren: minnet räcker inte"},
    {"parameters: longer than %u bytes", "villkoren: längre än %u byte"},
    {"parameters: %s, before the catalogue", "villkoren: %s, före katalogen"},
    {"parameters: %s, in the catalogue", "villkoren: %s, i katalogen"},
    {"%s: longer than %d bytes", "%s: längre än %d byte"},
    {"%s: must be \"https://\", a host, and more", "%s: ska vara \"https://\", ett värdnamn och mer"},
    {"%s: must end in a slash", "%s: ska sluta med ett snedstreck"},
    {"%s: the character at byte %zu does not belong in it", "%s: tecknet vid byte %zu hör inte dit"},
    {"collection: 1 to %d of A-Z a-z 0-9 _ -", "collection: 1 till %d tecken av A-Z a-z 0-9 _ -"},
    {"cadence: %d is none", "cadence: %d finns inte"},
    {"period: \"%.*s\" names none", "period: \"%.*s\" är ingen period"},
    {"period: %s does not belong to the task's cadence", "period: %s hör inte till insamlingens periodicitet"},
    {"revision: %u is over %u", "revision: %u är över %u"},
    {"window: start and duration must be multiples of %u s", "window: början och längd ska vara multiplar av %u s"},
    {"window: its duration is 0", "window: dess längd är 0"},
    {"window: its end is after the year 9999", "window: dess slut är efter år 9999"},
    {"roster: a collection needs at least %u contributors, this one has %u; with fewer, one could work out another's "
     "figures from the totals",
     "roster: en insamling behöver minst %u uppgiftslämnare, denna har %u; med färre skulle en kunna räkna ut en "
     "annans uppgifter ur summorna"},
    {"min_contributors: %u is below %u", "min_contributors: %u är under %u"},
    {"protection: %" PRIu64 " is not from 1 to %" PRIu64 ", the range of what the policy hides",
     "protection: %" PRIu64 " är inte från 1 till %" PRIu64 ", spannet hos det som reglerna döljer"},
    {"rounding: 0, or a base from 2 to %u that is not above the threshold",
     "rounding: 0, eller en bas från 2 till %u som inte är över tröskeln"},
    {"groups: %u, at most %u", "grupper: %u, högst %u"},
    {"groups: the code all means every contributor", "grupper: koden all betyder alla uppgiftslämnare"},
    {"group %s: a member is not on the roster", "gruppen %s: en medlem finns inte på förteckningen"},
    {"group %s has %u contributors; to be published it needs at least %u",
     "gruppen %s har %u uppgiftslämnare; för att ges ut behöver den minst %u"},
    {"group %s is the whole roster", "gruppen %s är hela förteckningen"},
    {"two groups have the code %s", "två grupper har koden %s"},
    {"groups %s and %s have the same members", "grupperna %s och %s har samma medlemmar"},
    {"groups: only %s are in the same groups, so differences between groups could show the figures of fewer than %u "
     "contributors; let them share their groups with others",
     "grupper: bara %s är med i samma grupper, så skillnader mellan grupper skulle kunna visa uppgifterna från färre än "
     "%u uppgiftslämnare; låt dem dela grupper med andra"},
    {"parameters: %s, in the roster", "villkoren: %s, i förteckningen"},
    {"parameters: %s, in the groups or after them", "villkoren: %s, i grupperna eller efter dem"},
    {"min_contributors: %u, but the roster has %u", "min_contributors: %u, men förteckningen har %u"},
    {"threshold: must be at least 1", "threshold: ska vara minst 1"},
    {"%s: missing", "%s: saknas"},
    {"%s and %s are the same", "%s och %s är lika"},
    {"generators_hash: not that of this program's", "generators_hash: inte detta programs"},
    {"leader_url and helper_url are the same", "leader_url och helper_url är lika"},
    {"catalogue: missing", "catalogue: saknas"},
    {"the %s has not signed the parameters", "%s har inte skrivit under villkoren"},
    {"the %s's signature on the parameters does not hold", "underskriften på villkoren gäller inte: %s"},
    {"the signatures are over other parameters", "underskrifterna gäller andra villkor"},
    {"publisher", "utgivaren"},
    {"second signer", "den andra undertecknaren"},
    {"leader", "ledaren"},
    {"helper", "hjälparen"},

    /* support/ */
    {"%s: is not a regular file", "%s: är ingen vanlig fil"},
    {"%s: is %jd bytes long, at most %zu are read", "%s: är %jd byte lång, högst %zu läses"},
    {"%s: out of memory", "%s: minnet räcker inte"},
    {"grew while it was read", "växte medan den lästes"},
    {"%s: others can read this secret; run chmod 600 %s", "%s: andra kan läsa denna hemlighet; kör chmod 600 %s"},
    {"%s: this secret belongs to another user", "%s: denna hemlighet tillhör en annan användare"},
    {"%s: cannot be written: %s", "%s: går inte att skriva: %s"},
    {"%s: is no file, and what is secret goes into one",
     "%s: är ingen fil, och det som är hemligt skrivs bara i en fil"},
    {"%s: is not a folder", "%s: är ingen mapp"},
    {"%s: is not a skarva %s key file", "%s: är ingen nyckelfil från skarva av slaget %s"},
    {"%s: the key cannot be used", "%s: nyckeln går inte att använda"},
    {"%s, line %zu: expected \"publisher\", \"second\", \"leader\" or \"helper\", a space and a key of 43 characters",
     "%s, rad %zu: väntade \"publisher\", \"second\", \"leader\" eller \"helper\", ett blanksteg och en nyckel på 43 tecken"},
    {"%s, line %zu: a second key for the same role", "%s, rad %zu: en andra nyckel för samma roll"},
    {"%s: the key of the %s is missing", "%s: nyckeln för %s saknas"},
    {"libcurl cannot start", "libcurl går inte att starta"},
    {"libcurl cannot be set up", "libcurl går inte att ställa in"},
    {"%s: the answer is longer than %zu bytes", "%s: svaret är längre än %zu byte"},

    /* server/: what its answers say */
    {"There is nothing here.", "Här finns ingenting."},
    {"There is no such resource.", "Det finns ingen sådan resurs."},
    {"this server has no such resource", "servern har ingen sådan resurs"},
    {"no task of this identifier is known here", "servern känner inte till insamlingen"},
    {"The resource cannot be used with this method.", "Resursen går inte att använda så."},
    {"Too many files are open. Try again.", "För många filer är öppna. Försök igen."},
    {"Too much at once. Try again.", "För mycket på en gång. Försök igen."},
    {"Only the other server may do this, with its certificate.",
     "Bara den andra servern får göra detta, med sitt certifikat."},
    {"Pages can only be read.", "Sidor kan bara läsas."},
    {"Content Too Large", "Innehållet är för stort"},
    {"Internal Server Error", "Fel i servern"},
    {"the asking computer's clock is more than 10 minutes off this server's; set it",
     "datorns klocka går mer än 10 minuter fel mot serverns; ställ den"},
    {"the task is not closed", "perioden är inte stängd"},
    {"a command of the task is under way", "ett kommando för perioden pågår"},
    {"another command of the task is under way", "ett annat kommando för perioden pågår"},
    {"another revision of the period was collected", "en annan revision av perioden är hämtad"},
    {"fewer contributors than the parameters demand", "färre uppgiftslämnare än villkoren kräver"},
    {"the list is not what this server accepted", "listan är inte vad servern har godkänt"},
    {"publisher_key is not this server's publisher", "publisher_key är inte serverns utgivare"},
    {"second_key is not this server's second signer",
     "second_key är inte serverns andra undertecknare"},
    {"the publisher's signature does not hold under this server's publisher_key",
     "utgivarens underskrift gäller inte med serverns publisher_key"},
    {"the leader's signature does not hold", "ledarens underskrift gäller inte"},
    {"the parameters are not those of the path's task", "villkoren hör inte till adressens insamling"},
    {"other parameters of this collection, period and revision are stored already; use the next revision",
     "servern har redan andra villkor för denna insamling, period och revision; använd nästa revision"},
    {"the period is collected already", "perioden är redan hämtad"},
    {"other parameters than were sent", "andra villkor än de som skickades"},
};

/* The operating system's common reasons. */
static const struct {
    int number;
    const char *swedish;
} reasons[] = {
    {ENOENT, "filen eller mappen finns inte"},
    {EACCES, "åtkomst nekas"},
    {EPERM, "inte tillåtet"},
    {EEXIST, "finns redan"},
    {ENOTDIR, "är ingen mapp"},
    {EISDIR, "är en mapp"},
    {ENOTEMPTY, "mappen är inte tom"},
    {ENOSPC, "ingen plats kvar på disken"},
    {EDQUOT, "diskutrymmet för användaren är slut"},
    {EFBIG, "filen skulle bli för stor"},
    {EROFS, "filsystemet går bara att läsa"},
    {EIO, "fel vid läsning eller skrivning"},
    {EMFILE, "för många öppna filer"},
    {ENFILE, "för många öppna filer i systemet"},
    {ENOMEM, "minnet räcker inte"},
    {ENAMETOOLONG, "namnet är för långt"},
    {ELOOP, "för många symboliska länkar"},
    {ETXTBSY, "filen används"},
    {EBUSY, "upptagen"},
    {EAGAIN, "inte just nu, försök igen"},
    {EINTR, "avbruten"},
    {EINVAL, "ogiltigt argument"},
    {ENODEV, "enheten finns inte"},
    {ENXIO, "enheten finns inte"},
    {EPIPE, "mottagaren är borta"},
    {EADDRINUSE, "adressen används redan"},
    {EADDRNOTAVAIL, "adressen finns inte på denna dator"},
    {ECONNREFUSED, "anslutningen vägrades"},
    {ECONNRESET, "motparten bröt anslutningen"},
    {ETIMEDOUT, "inget svar i tid"},
    {EHOSTUNREACH, "det finns ingen väg dit"},
    {ENETUNREACH, "nätet går inte att nå"},
};
/* clang-format on */

#define N_PAIRS (sizeof pairs / sizeof pairs[0])
#define N_REASONS (sizeof reasons / sizeof reasons[0])

#define NUMBERS_MAX 4

/* A conversion's length, 0 if it is not one of a whole number. */
static size_t number_conversion(const char *format)
{
    size_t len = 1 + strspn(format + 1, "zl");
    return format[len] == 'u' || format[len] == 'd' ? len + 1 : 0;
}

/* Whether `text` is `format` with numbers. Out: where they stand. */
static bool find_numbers(const char *at[static NUMBERS_MAX], const char *format, const char *text)
{
    size_t n = 0;
    while (*format != '\0') {
        if (*format != '%') {
            if (*format++ != *text++)
                return false;
            continue;
        }
        size_t len = number_conversion(format);
        size_t digits = strspn(text, "0123456789");
        if (len == 0 || digits == 0 || n == NUMBERS_MAX)
            return false;
        at[n++] = text;
        text += digits;
        format += len;
    }
    return n > 0 && *text == '\0';
}

/* A sentence of the table with the numbers of `english`. False, and out is as it was, if there is
 * none. */
static bool fill_numbers(char *out, size_t size, const char *english)
{
    const char *at[NUMBERS_MAX] = {"", "", "", ""};
    size_t i = 0, n = 0, len = 0;
    while (i < N_PAIRS && !find_numbers(at, pairs[i].english, english))
        i++;
    if (i == N_PAIRS)
        return false;
    for (const char *format = pairs[i].swedish; *format != '\0' && len + 1 < size;) {
        if (*format != '%') {
            out[len++] = *format++;
            continue;
        }
        format += number_conversion(format); /* the English one's, in the same order */
        size_t digits = strspn(at[n], "0123456789");
        for (size_t k = 0; k < digits && len + 1 < size; k++)
            out[len++] = at[n][k];
        n++;
    }
    out[len] = '\0';
    return true;
}

const char *ska_in_swedish(const char *english)
{
    for (size_t i = 0; i < N_PAIRS; i++)
        if (strcmp(pairs[i].english, english) == 0)
            return pairs[i].swedish;
    for (size_t i = 0; i < N_REASONS; i++)
        if (strcmp(strerror(reasons[i].number), english) == 0)
            return reasons[i].swedish;
    static _Thread_local char filled[sizeof(((struct ska_error *)0)->text)];
    return fill_numbers(filled, sizeof filled, english) ? filled : NULL;
}

bool ska_swedish_pair(const char **english, const char **swedish, size_t index)
{
    if (index >= N_PAIRS + N_REASONS)
        return false;
    bool is_pair = index < N_PAIRS;
    *english = is_pair ? pairs[index].english : strerror(reasons[index - N_PAIRS].number);
    *swedish = is_pair ? pairs[index].swedish : reasons[index - N_PAIRS].swedish;
    return true;
}

void ska_speak_swedish(bool yes)
{
    ska_translate_with(yes ? ska_in_swedish : NULL);
}
