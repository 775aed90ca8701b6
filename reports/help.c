/* SPDX-License-Identifier: EUPL-1.2 */
/* help.c - help texts. */
#include "reports/help.h"

#include <string.h>

#include "support/language.h"

struct help {
    const char *command, *sv, *en;
};

static const struct help helps[] = {
    {"init",
     "skarva-publish init --home MAPP [--second]\n"
     "  Gör utgivarens nycklar (signing.key, hpke.key) om de inte finns, och skriver raden\n"
     "  \"publisher ...\" som hör hemma i filen med förtroendets rötter.\n"
     "  --second          gör i stället nyckeln (second.key) för den andra person som skriver\n"
     "                    under varje utgåva, i en egen mapp på en egen dator, och skriver raden\n"
     "                    \"second ...\"\n",
     "skarva-publish init --home FOLDER [--second]\n"
     "  Makes the publisher's keys (signing.key, hpke.key) unless they exist, and prints the line\n"
     "  \"publisher ...\" that belongs in the file with the roots of trust.\n"
     "  --second          makes instead the key (second.key) of the second person who signs every\n"
     "                    release, in a folder and on a machine of their own, and prints the line\n"
     "                    \"second ...\"\n"},
    {"new",
     "skarva-publish new --name NAMN --catalogue FIL.json --cards MAPP|FILER... --leader URL\n"
     "    --helper URL --trust FIL --site MAPP [--ca FIL] [--min-contributors 3] [--threshold 5]\n"
     "    [--protection 2] [--rounding [5]] [--hide-zero] [--groups FIL.json] [--log-policy FIL]\n"
     "    [--home MAPP]\n"
     "  Skapar en insamling av en katalog och uppgiftslämnarnas nyckelkort (minst 3).\n"
     "  --threshold N     värden 1..N-1 döljs; --hide-zero döljer också nollor\n"
     "  --protection N    så långt isär ska de möjliga värdena av varje dolt tal minst ligga:\n"
     "                    från 1 till det mindre av --min-contributors minus 1 och --threshold\n"
     "                    minus 2 (minus 1 med --hide-zero); 1 där det är 0. Förval 2, eller 1\n"
     "  --rounding [BAS]  visa antal som multiplar av BAS (5 om inget sägs): slumpvis uppåt\n"
     "                    eller nedåt, samma tal alltid lika. Utan det visas exakta antal\n"
     "  --groups FIL      grupper av uppgiftslämnare som också ska visas (docs/catalogue.md)\n"
     "  --log-policy FIL  servrarnas policy för den publika loggen (docs/log.md), om de för en\n"
     "  --trust FIL       raderna \"publisher ...\", \"second ...\", \"leader ...\" och \"helper "
     "...\"\n"
     "  --site MAPP       mappen med sidor och buntar som ledaren visar\n"
     "  Exempel: skarva-publish new --name norrsken --catalogue operation-norrsken.json \\\n"
     "    --cards kort/ --leader https://leder.example/ --helper https://hjalper.example/ \\\n"
     "    --trust trust --site /srv/skarva/site\n",
     "skarva-publish new --name NAME --catalogue FILE.json --cards FOLDER|FILES... --leader URL\n"
     "    --helper URL --trust FILE --site FOLDER [--ca FILE] [--min-contributors 3]\n"
     "    [--threshold 5] [--protection 2] [--rounding [5]] [--hide-zero]\n"
     "    [--groups FILE.json] [--log-policy FILE] [--home FOLDER]\n"
     "  Makes a collection of a catalogue and the contributors' key cards (3 at least).\n"
     "  --threshold N     values 1..N-1 are hidden; --hide-zero hides zeros too\n"
     "  --protection N    possible values of each hidden figure are at least so far apart: from\n"
     "                    1 to the smaller of --min-contributors less 1 and --threshold less 2\n"
     "                    (less 1 with --hide-zero); 1 where that is 0. Usually 2, or 1\n"
     "  --rounding [BASE] show counts as multiples of BASE (5 if none is said): up or down at\n"
     "                    random, the same figure always alike. Without it counts are exact\n"
     "  --groups FILE     groups of contributors to show figures for too (docs/catalogue.md)\n"
     "  --log-policy FILE the servers' policy of the public log (docs/log.md), if they keep one\n"
     "  --trust FILE      the lines \"publisher ...\", \"second ...\", \"leader ...\", \"helper "
     "...\"\n"
     "  --site FOLDER     the folder with pages and bundles that the leader serves\n"
     "  Example: skarva-publish new --name norrsken --catalogue operation-norrsken.json \\\n"
     "    --cards cards/ --leader https://leader.example/ --helper https://helper.example/ \\\n"
     "    --trust trust --site /srv/skarva/site\n"},
    {"open",
     "skarva-publish open PERIOD [--window-start now|2025-07-01] [--window-days 14] [--early]\n"
     "    [--log-policy FIL]\n"
     "  Bestämmer periodens parametrar, låter båda servrarna skriva under, och öppnar. Kan "
     "upprepas.\n"
     "  Fönstret skrivs under och kan inte ändras; ett som är slut eller har mindre än en timme\n"
     "  kvar avvisas, och ett som börjar före periodens slut om inte --early säger att det är\n"
     "  meningen. Dagar börjar kl. 0 UTC.\n"
     "  --log-policy FIL: en ny policy för den publika loggen, som servrarna har; den ersätter\n"
     "  insamlingens. Perioder som är öppna behåller sin.\n"
     "  Exempel: skarva-publish open 2025Q2 --window-start 2025-07-01\n",
     "skarva-publish open PERIOD [--window-start now|2025-07-01] [--window-days 14] [--early]\n"
     "    [--log-policy FILE]\n"
     "  Fixes the period's parameters, has both servers sign, and opens. Can be repeated.\n"
     "  The window is signed and cannot be changed; one that is over or has less than an hour\n"
     "  left is refused, and one that starts before the period's end unless --early says that\n"
     "  this is meant. Days start at 0:00 UTC.\n"
     "  --log-policy FILE: a new policy of the public log, that the servers have; it replaces the\n"
     "  collection's. Periods that are open keep theirs.\n"
     "  Example: skarva-publish open 2025Q2 --window-start 2025-07-01\n"},
    {"status",
     "skarva-publish status PERIOD\n  Visar periodens tillstånd hos båda servrarna, och dess "
     "fönster.\n",
     "skarva-publish status PERIOD\n  Shows the period's state at both servers, and its window.\n"},
    {"close",
     "skarva-publish close PERIOD [--wait [SEKUNDER]]\n"
     "  Stänger. Med --wait upprepas samma kommando tills båda skrivit under listan över mottagna\n"
     "  inlämningar (högst 600 sekunder om inget annat sägs, mest 999).\n",
     "skarva-publish close PERIOD [--wait [SECONDS]]\n"
     "  Closes. With --wait the same command is repeated until both signed the list of accepted\n"
     "  submissions (600 seconds unless said otherwise, 999 at the most).\n"},
    {"reopen",
     "skarva-publish reopen PERIOD\n"
     "  Öppnar en stängd period igen. Går inte när summorna är hämtade, och inte när\n"
     "  fönstret är slut: det är underskrivet och förlängs inte. Ge då ut det som lämnats, och\n"
     "  öppna en rättelse med ett nytt fönster (revise).\n",
     "skarva-publish reopen PERIOD\n"
     "  Opens a closed period again. Not possible once the totals are collected, nor when the\n"
     "  window is over: it is signed and is not prolonged. Publish then what was handed in, and\n"
     "  open a correction with a new window (revise).\n"},
    {"revise",
     "skarva-publish revise PERIOD [--window-start now|2025-07-01] [--window-days 14] [--early]\n"
     "    [--log-policy FIL]\n"
     "  Öppnar en rättelse av en utgiven period, till exempel 2025Q2.r1, med ett eget fönster. "
     "Alla\n"
     "  lämnar igen (de flesta oförändrat); sedan close, collect och publish "
     "med\n"
     "  namnet 2025Q2.r1. Servrarna vägrar båda om färre än 3 ändrat något eller någon ensam\n"
     "  fattas: ändringen väntar då på nästa revise. Det som var dolt förblir dolt. En rättelse "
     "som\n"
     "  inte kunde skyddas hoppas över: då behövs minst 3 ändringar till.\n",
     "skarva-publish revise PERIOD [--window-start now|2025-07-01] [--window-days 14] [--early]\n"
     "    [--log-policy FILE]\n"
     "  Opens a correction of a published period, say 2025Q2.r1, with a window of its own. "
     "Everyone\n"
     "  hands in again (most of them unchanged); then close, collect and publish "
     "under\n"
     "  the name 2025Q2.r1. Both servers refuse if fewer than 3 changed anything or someone alone\n"
     "  is missing: the change then waits for the next revise. What was hidden stays hidden. A\n"
     "  correction that could not be protected is passed over: then at least 3 more must "
     "change.\n"},
    {"collect",
     "skarva-publish collect PERIOD... [--check-proofs]\n"
     "  Hämtar listan och inlämningarna, skickar det underskrivna kommando som servrarna väntar "
     "på\n"
     "  innan de lämnar ut summorna, hämtar båda servrarnas summor och kontrollerar dem mot\n"
     "  uppgiftslämnarnas åtaganden. En felaktig summa säger vilken server och vilken cell.\n"
     "  --check-proofs    prövar också varje inlämnings bevis (servrarna har gjort det,\n"
     "                    granskaren gör det igen)\n",
     "skarva-publish collect PERIOD... [--check-proofs]\n"
     "  Fetches the list and the submissions, sends the signed command that the servers wait for\n"
     "  before they give the totals, fetches both servers' sums and checks them against the\n"
     "  contributors' commitments. A wrong sum names the server and the cell.\n"
     "  --check-proofs    verifies every submission's proof too (the servers did, the auditor\n"
     "                    will again)\n"},
    {"publish",
     "skarva-publish publish PERIOD... [--signature FIL] [--redraft] [--no-pages] [--wait [S]]\n"
     "  Bestämmer vilka värden som döljs (docs/disclosure-control.md), bevisar det, öppnar resten\n"
     "  och gör ett utkast. Den andra personen skriver under det (skarva-publish sign); samma\n"
     "  kommando igen ger då ut perioden och skriver sidor, tabell och bunt i insamlingens "
     "--site.\n"
     "  Det som är utgivet ändras aldrig: en gång till skriver samma byte.\n"
     "  --signature FIL   den andra personens underskrift; annars söks draft.signature bredvid\n"
     "                    utkastet\n"
     "  --redraft         gör utkastet på nytt; en underskrift av det gamla gäller inte mer\n"
     "  --wait SEKUNDER   så länge väntar ett utkast på att den publika loggen, om det finns en,\n"
     "                    täcker insamlingen (60 om inget sägs)\n"
     "  --no-pages        skriver inte sidorna över alla perioder: för flera utgåvor i rad, alla "
     "utom\n"
     "                    den sista\n"
     "  Exempel: skarva-publish publish 2025Q2 --signature 2025Q2.signature\n",
     "skarva-publish publish PERIOD... [--signature FILE] [--redraft] [--no-pages] [--wait [S]]\n"
     "  Decides which figures are hidden (docs/disclosure-control.md), proves it, opens the rest\n"
     "  and makes a draft. The second person signs it (skarva-publish sign); the same command\n"
     "  again then releases the period and writes pages, table and bundle into the collection's\n"
     "  --site. What is released never changes: once more writes the same bytes.\n"
     "  --signature FILE  the second person's signature; else draft.signature is looked for "
     "beside\n"
     "                    the draft\n"
     "  --redraft         makes the draft anew; a signature of the old one no longer holds\n"
     "  --wait SECONDS    so long a draft waits for the public log, if there is one, to cover the\n"
     "                    collection (60 if nothing is said)\n"
     "  --no-pages        does not write the pages over all periods: for several releases in a "
     "row,\n"
     "                    all but the last\n"
     "  Example: skarva-publish publish 2025Q2 --signature 2025Q2.signature\n"},
    {"release",
     "skarva-publish release PERIOD [--signature FIL]\n"
     "  Detsamma som publish.\n",
     "skarva-publish release PERIOD [--signature FILE]\n"
     "  The same as publish.\n"},
    {"announce",
     "skarva-publish announce [PERIOD...] [--verifier FIL] [--wait [SEKUNDER]]\n"
     "  Skickar utgåvor till den publika loggen och hämtar beviset för att de står där; det läggs\n"
     "  bredvid paketet: bundles/NAMN-PERIOD.release.tlog-proof. publish gör det själv; det här "
     "är\n"
     "  för när servrarna inte gick att nå. Utan period: alla som inte har något bevis.\n"
     "  --verifier FIL    det som webbplatsen erbjuder för kontroll i webbläsaren,\n"
     "                    check/verifier.js i dess mapp; beviset läggs bredvid\n"
     "  --wait            väntar på beviset (600 sekunder om inget annat sägs; annars 5)\n"
     "  Exempel: skarva-publish announce --verifier /srv/skarva/site/check/verifier.js\n",
     "skarva-publish announce [PERIOD...] [--verifier FILE] [--wait [SECONDS]]\n"
     "  Sends releases to the public log and fetches the proof that they are there; it is put\n"
     "  beside the bundle: bundles/NAME-PERIOD.release.tlog-proof. publish does it by itself; "
     "this\n"
     "  is for when the servers could not be reached. Without a period: all that have no proof.\n"
     "  --verifier FILE   what the site offers for checking in a browser, check/verifier.js in "
     "its\n"
     "                    folder; the proof is put beside it\n"
     "  --wait            waits for the proof (600 seconds unless said otherwise; else 5)\n"
     "  Example: skarva-publish announce --verifier /srv/skarva/site/check/verifier.js\n"},
    {"preview",
     "skarva-publish preview PERIOD...\n"
     "  Visar vad som döljs om perioden ges ut, varför, och hur mycket som går förlorat, för alla\n"
     "  och för varje grupp. Skriver ingenting på webbplatsen. Visa inte andelen dolda antal för\n"
     "  andra: den bygger på de dolda summorna.\n",
     "skarva-publish preview PERIOD...\n"
     "  Shows what is hidden if the period is released, why, and how much is lost, for all and "
     "for\n"
     "  each group. Writes nothing to the site. Do not show the share of counts hidden to others:\n"
     "  it is made from the hidden totals.\n"},
    {"sign",
     "skarva-publish sign PERIOD --home MAPP --draft FIL [--trust FIL] [--signature FIL] [--yes]\n"
     "    [--log-policy FIL] [--again]\n"
     "  Den andra personen granskar ett utkast på sin egen dator, ser vad som döljs, och skriver\n"
     "  under med sin nyckel (second.key, från init --second).\n"
     "  --draft FIL       utkastet: periods/PERIOD/draft hos utgivaren\n"
     "  --trust FIL       förtroendets rötter, ens egna; annars MAPP/trust\n"
     "  --log-policy FIL  den publika loggens policy, ens egen: utkastet ska ha just den\n"
     "  --signature FIL   dit underskriften skrivs; annars utkastets namn och .signature\n"
     "  --earlier MAPP    för en rättelse eller ett hopräknat år: mappen med de tidigare paketen, "
     "som\n"
     "                    de gavs ut: utgivna/small-2025Q2.tar; räcker ett, också det själv\n"
     "  --yes             fråga inte\n"
     "  --again           också om en annan utgåva med samma nummer eller av samma period redan "
     "är\n"
     "                    undertecknad\n",
     "skarva-publish sign PERIOD --home FOLDER --draft FILE [--trust FILE] [--signature FILE]\n"
     "    [--log-policy FILE] [--yes] [--again]\n"
     "  The second person audits a draft on a machine of their own, sees what is hidden, and "
     "signs\n"
     "  with their key (second.key, from init --second).\n"
     "  --draft FILE      the draft: the publisher's periods/PERIOD/draft\n"
     "  --trust FILE      the roots of trust, one's own; else FOLDER/trust\n"
     "  --log-policy FILE the public log's policy, one's own: the draft must have that very one\n"
     "  --signature FILE  where the signature is written; else the draft's name and .signature\n"
     "  --earlier FOLDER  for a correction or a year added up: the folder with the earlier "
     "bundles,\n"
     "                    as published: released/small-2025Q2.tar; if one is enough, that itself\n"
     "  --yes             do not ask\n"
     "  --again           also if another release of the same number or period was signed "
     "before\n"},
    {"ledger",
     "skarva-publish ledger [--csv|--json]\n"
     "  Visar alla utgåvor i ordning: nummer, period, revision, dag, paketets SHA-256, den före,\n"
     "  antal visade och dolda tal, och vilka nycklar som skrivit under.\n"
     "  --csv             som CSV, detsamma som webbplatsens ledger.csv\n"
     "  --json            som JSON\n",
     "skarva-publish ledger [--csv|--json]\n"
     "  Shows all releases in order: number, period, revision, day, the bundle's SHA-256, the one\n"
     "  before, how many figures are shown and hidden, and which keys signed.\n"
     "  --csv             as CSV, the same as the site's ledger.csv\n"
     "  --json            as JSON\n"},
    {"export",
     "skarva-publish export PERIOD... --collected FIL\n"
     "  Skriver de hämtade summorna, också de som ska döljas, som \"period,cell,value\". För\n"
     "  kontroll, inte för att lämnas vidare. \".\": en grupp av vilken för få har lämnat in.\n",
     "skarva-publish export PERIOD... --collected FILE\n"
     "  Writes the collected totals, those to be hidden too, as \"period,cell,value\". For\n"
     "  checking, not to be passed on. \".\": a group of which too few handed in.\n"},
    {"about",
     "skarva-publish about [--publisher TEXT] [--kind local|regional|national]\n"
     "                     [--licence ADRESS] [--contact mailto:...|https://...]\n"
     "  Vem som ger ut, under vilken licens (förval CC0 1.0) och vem som svarar på frågor, för\n"
     "  dataportaler och flöden. Visar vad som gäller.\n"
     "  --kind            utgivarens slag: local (kommun), regional (region) eller national\n"
     "                    (statlig myndighet, som en länsstyrelse); dataportaler kräver det\n",
     "skarva-publish about [--publisher TEXT] [--kind local|regional|national]\n"
     "                     [--licence ADDRESS] [--contact mailto:...|https://...]\n"
     "  Who publishes, under which licence (CC0 1.0 unless said otherwise) and who answers\n"
     "  questions, for data portals and feeds. Shows what holds.\n"
     "  --kind            the publisher's: local (a municipality), regional (a region) or\n"
     "                    national (of the state, as a county board); data portals demand it\n"},
    {"population",
     "skarva-publish population FIL.csv --source TEXT --date 2024-12-31\n"
     "  Tar in antal invånare, för tal per 1 000 eller 10 000 invånare. Kolumner: code och några "
     "av\n"
     "  population, women, men; eller code, sex, age_from, age_to, number. En rad per kod som är "
     "en\n"
     "  uppgiftslämnares, en grupps eller all. Samma datum ersätts.\n"
     "  Exempel: skarva-publish population folkmangd.csv --source \"SCB, FolkmangdNov\" \\\n"
     "    --date 2024-11-30\n",
     "skarva-publish population FILE.csv --source TEXT --date 2024-12-31\n"
     "  Takes in numbers of inhabitants, for rates per 1,000 or 10,000. Columns: code and some of\n"
     "  population, women, men; or code, sex, age_from, age_to, number. A row for each code that "
     "is\n"
     "  a contributor's, a group's or all. The same date is replaced.\n"
     "  Example: skarva-publish population inhabitants.csv --source \"Statistics Sweden\" \\\n"
     "    --date 2024-11-30\n"},
};

static const char *const whole_sv =
    "skarva-publish KOMMANDO [val]\n\n"
    "  init      gör utgivarens nycklar          close     stäng en period\n"
    "  revise    öppna en rättelse av en utgiven period\n"
    "  new       skapa en insamling              reopen    öppna den igen\n"
    "  open      öppna en period                 collect   hämta summorna\n"
    "  status    visa periodens tillstånd        publish   ge ut\n"
    "  population ta in antal invånare           about     utgivare och licens\n"
    "                                            export    summorna som tabell\n"
    "  preview   vad som kommer att döljas       sign      skriv under ett utkast\n"
    "  ledger    visa alla utgåvor               release   detsamma som publish\n"
    "  announce  utgåvor till den publika loggen\n\n"
    "Alla kommandon: --home MAPP (annars SKARVA_PUBLISH_HOME, annars ~/.skarva-publish),\n"
    "--name INSAMLING (om det finns flera), --lang sv|en, --help.\n\n"
    "Slutkoder: 0 gjort; 1 avvisat; 2 kommandoraden går inte att förstå; 3 inte färdigt eller "
    "inte\n"
    "nåbart, försök igen; 4 något som lästes har fel form; 5 fil eller minne; 70 fel i "
    "programmet.\n";

static const char *const whole_en =
    "skarva-publish COMMAND [options]\n\n"
    "  init      make the publisher's keys       close     close a period\n"
    "  revise    open a correction of a published period\n"
    "  new       make a collection               reopen    open it again\n"
    "  open      open a period                   collect   fetch the totals\n"
    "  status    show the period's state         publish   publish\n"
    "  population take in inhabitants            about     publisher and licence\n"
    "                                            export    the totals as a table\n"
    "  preview   what will be hidden             sign      sign a draft\n"
    "  ledger    show all releases               release   the same as publish\n"
    "  announce  releases into the public log\n\n"
    "All commands: --home FOLDER (else SKARVA_PUBLISH_HOME, else ~/.skarva-publish),\n"
    "--name COLLECTION (if there are several), --lang sv|en, --help.\n\n"
    "Exit codes: 0 done; 1 refused; 2 the command line is not understood; 3 not done yet or not\n"
    "reachable, try again; 4 something read has the wrong form; 5 file or memory; 70 an error in\n"
    "the program.\n";

void help_print(FILE *out, const char *command)
{
    const char *text = tr(whole_sv, whole_en);
    for (size_t i = 0; command != NULL && i < sizeof helps / sizeof helps[0]; i++)
        if (strcmp(helps[i].command, command) == 0)
            text = tr(helps[i].sv, helps[i].en);
    (void)fputs(text, out);
}
