// SPDX-License-Identifier: EUPL-1.2
// sentences.ts - what holds if a check passes, in the words of skarva-audit list-checks (docs/audit.md says it at length).

/** By the check's identifier. */
export type Sentences = Record<string, { sv: string; en: string }>;

export const SENTENCES: Sentences = {
    "bundle-form": {
        sv: "Paketet är ett arkiv i kanonisk form med precis de filer som version 1 har.",
        en: "The bundle is an archive in canonical form with exactly the files of version 1.",
    },
    "parameters-form": {
        sv: "Parametrarna går att läsa och motsäger inte sig själva.",
        en: "The parameters can be read and do not contradict themselves.",
    },
    "parameters-trust": {
        sv: "Parametrarna namnger samma utgivare, andra undertecknare, ledare och hjälpare som förtroendefilen.",
        en: "The parameters name the same publisher, second signer, leader and helper as the trust file.",
    },
    "parameters-signatures": {
        sv: "Utgivaren, ledaren och hjälparen har skrivit under parametrarna.",
        en: "Publisher, leader and helper signed the parameters.",
    },
    "release-form": {
        sv: "Utgåvan räknar upp just de här filerna, byte för byte, och sin plats bland utgåvorna.",
        en: "The release lists exactly these files, byte for byte, and its place among the releases.",
    },
    "release-signature": {
        sv: "Utgivaren har skrivit under utgåvan.",
        en: "The publisher signed the release.",
    },
    "release-second-signature": {
        sv: "Den andra undertecknaren har skrivit under samma utgåva.",
        en: "The second signer signed the same release.",
    },
    "generators": {
        sv: "Bevisens generatorer är de som var och en kan härleda.",
        en: "The generators of the proofs are the ones that anyone can derive.",
    },
    "roster": {
        sv: "Förteckningen är ordnad, var och en står en gång, och de är nog många.",
        en: "The roster is in order, everyone stands once, and they are enough.",
    },
    "accepted-form": {
        sv: "Listan över mottagna inlämningar går att läsa och är ordnad.",
        en: "The list of accepted submissions can be read and is in order.",
    },
    "accepted-signatures": {
        sv: "Ledaren och hjälparen har skrivit under samma lista.",
        en: "Leader and helper signed the same list.",
    },
    "accepted-entries": {
        sv: "Listan gäller denna period, och var rad gäller någon på förteckningen.",
        en: "The list is of this period, and every entry of someone on the roster.",
    },
    "minimum-contributors": {
        sv: "Minst så många har räknats som policyn kräver.",
        en: "At least as many were counted as the policy demands.",
    },
    "submissions-form": {
        sv: "Var inlämning går att läsa och har den längd som parametrarna ger.",
        en: "Every submission can be read and has the length that the parameters give.",
    },
    "submissions-complete": {
        sv: "Paketet har precis de räknade inlämningarna: ingen saknas, ingen är utbytt, ingen är extra.",
        en: "The bundle has exactly the counted submissions: none missing, none replaced, none extra.",
    },
    "submission-signatures": {
        sv: "Var inlämning är underskriven av sin uppgiftslämnare på förteckningen.",
        en: "Every submission is signed by its contributor on the roster.",
    },
    "log-form": {
        sv: "Paketet har sin del av den publika loggen, om parametrarna utlovar en, och den går att läsa.",
        en: "The bundle has its part of the public log, if the parameters promise one, and it can be read.",
    },
    "log-policy": {
        sv: "Policyn är den som parametrarna namnger, och kräver både hjälparens vittne och ett annat.",
        en: "The policy is the one that the parameters name, and needs the helper's witness and another.",
    },
    "log-checkpoint": {
        sv: "Kontrollpunkten är undertecknad av en logg i policyn, under dess eget namn.",
        en: "The checkpoint is signed by a log of the policy, under its own name.",
    },
    "log-quorum": {
        sv: "Så många av policyns vittnen som den kräver har intygat kontrollpunkten.",
        en: "As many of the policy's witnesses as it demands cosigned the checkpoint.",
    },
    "log-root": {
        sv: "Kontrollpunktens rot följer av posterna.",
        en: "The checkpoint's root follows from the entries.",
    },
    "log-task": {
        sv: "Uppgiftens poster står i rätt ordning, från förteckning till insamling, och är detta pakets.",
        en: "The task's entries are in order, from roster to collect, and are those of this bundle.",
    },
    "log-close": {
        sv: "Varje stängning är undertecknad av tre, av loggen som den var, och räknar upp precis uppgiftens inlämningar.",
        en: "Each close is signed by three, of the log as it was, and lists exactly the task's submissions.",
    },
    "log-accepted": {
        sv: "Listan är, rad för rad, de inlämningar som loggen stängdes med, undertecknade av båda.",
        en: "The list is, entry by entry, the submissions that the log was closed with, signed by both.",
    },
    "correction-earlier": {
        sv: "En rättelse jämförs med just den publicering som dess parametrar namnger.",
        en: "A correction is compared with the very release that its parameters name.",
    },
    "submission-proofs": {
        sv: "Var inlämning bevisar att varje tal är inom sin gräns och att reglerna håller.",
        en: "Every submission proves that each count is within its bound and that the rules hold.",
    },
    "correction-changes": {
        sv: "I en rättelse har ingen eller minst 3 av dem som hör ihop ändrat något, och ingen fattas ensam.",
        en: "In a correction nobody or at least 3 of those that belong together changed anything, and nobody is missing alone.",
    },
    "earlier-releases": {
        sv: "De tidigare utgåvor som denna hör ihop med är just de som den namnger.",
        en: "The earlier releases that this one is linked with are the very ones that it names.",
    },
    "commitments": {
        sv: "Alla åtaganden är punkter i kanonisk form, och är hopräknade.",
        en: "All commitments are points in canonical form, and are added up.",
    },
    "year-commitments": {
        sv: "Åtagandena i årets tidigare delar är hopräknade.",
        en: "The commitments of the year's earlier parts are added up.",
    },
    "openings-form": {
        sv: "Öppningarna går att läsa.",
        en: "The openings can be read.",
    },
    "suppression-form": {
        sv: "Listan över dolda celler går att läsa.",
        en: "The list of hidden cells can be read.",
    },
    "certificate-form": {
        sv: "Intyget om de dolda cellerna går att läsa.",
        en: "The certificate about the hidden cells can be read.",
    },
    "rounding-form": {
        sv: "De avrundade talen går att läsa; de finns precis om policyn avrundar.",
        en: "The rounded figures can be read; they are there exactly if the policy rounds.",
    },
    "cells-accounted": {
        sv: "Varje cell är öppnad, avrundad eller dold med ett skäl.",
        en: "Every cell is opened, rounded or hidden for a reason.",
    },
    "correction-kept": {
        sv: "I en rättelse är allt dolt som var dolt i det som rättas.",
        en: "In a correction all is hidden that was hidden in what it corrects.",
    },
    "correction-chain": {
        sv: "En rättelse publicerades efter det som den rättar, och följer den direkt på det är det just det paketet.",
        en: "A correction was released after what it corrects, and if it follows right upon it, upon this very bundle.",
    },
    "no-hidden-openings": {
        sv: "Ingen dold cell är öppnad eller visas avrundad.",
        en: "No hidden cell is opened or shown rounded.",
    },
    "aggregates-signatures": {
        sv: "Ledaren och hjälparen har skrivit under var sin lista av summor över just denna lista.",
        en: "Leader and helper each signed their sums over just this list.",
    },
    "openings-paths": {
        sv: "Var öppning ingår i de summor som ledaren och hjälparen skrev under.",
        en: "Every opening is part of the sums that leader and helper signed.",
    },
    "openings-leader": {
        sv: "Ledarens summor öppnar summan av uppgiftslämnarnas åtaganden.",
        en: "The leader's sums open the sum of the contributors' commitments.",
    },
    "openings-helper": {
        sv: "Hjälparens summor öppnar summan av uppgiftslämnarnas åtaganden.",
        en: "The helper's sums open the sum of the contributors' commitments.",
    },
    "totals": {
        sv: "Var öppnad summa är ett möjligt antal, och reglerna håller för summorna.",
        en: "Every opened total is a possible count, and the rules hold for the totals.",
    },
    "year-openings": {
        sv: "Var öppnad årssumma öppnar summan av åtagandena i årets alla delar.",
        en: "Every opened sum of the year opens the sum of the commitments of all its parts.",
    },
    "rounded-figures": {
        sv: "Om policyn avrundar är varje visat antal en multipel av basen, bevisat mindre än en bas från det rätta och inte under tröskeln, och inget av dem är öppnat.",
        en: "If the policy rounds, every count shown is a multiple of the base, proven to be less than one base from the truth and not below the threshold, and none of them is opened.",
    },
    "minimum-answers": {
        sv: "Varje visad cell har minst så många svar som policyn kräver.",
        en: "Every shown cell has at least as many answers as the policy demands.",
    },
    "primary-suppression": {
        sv: "Ingen visad summa är för liten, och allt som beror på ett dolt antal är dolt.",
        en: "No published total is too small, and all that depends on a hidden number is hidden.",
    },
    "suppression-proof": {
        sv: "Var cell som dolts för att den är liten, eller markerad, är bevisad att vara det.",
        en: "Every cell hidden for being small, or marked, is proven to be so.",
    },
    "complementary-suppression": {
        sv: "De kompletterande dolda cellerna är de som den offentliga regeln ger.",
        en: "The complementary hidden cells are those that the public rule gives.",
    },
    "protection": {
        sv: "Ingen dold cell går att räkna ut ur det som visas, regel för regel.",
        en: "No hidden cell can be worked out from what is published, rule by rule.",
    },
    "certificate": {
        sv: "För varje dold cell finns två hela tabeller som stämmer med allt som visas och skiljer sig i cellen med minst det som policyn kräver.",
        en: "For every hidden cell there are two whole tables that agree with all that is published and differ in it by at least what the policy demands.",
    },
    "table-exact": {
        sv: "Tabellen är byte för byte den som följer av öppningarna och de avrundade talen.",
        en: "The table is byte for byte the one that follows from openings and rounded figures.",
    },
    "data-files": {
        sv: "Datafilerna (JSON-stat och PX) är byte för byte de som följer av det kontrollerade: siffror, etiketter, enheter, källa.",
        en: "The data files (JSON-stat and PX) are byte for byte those that follow from what was verified: figures, labels, units, source.",
    },
    "pages": {
        sv: "Sidorna visar varje cells rätta siffra, eller .. där den är dold, och inga andra.",
        en: "The pages show each cell's right figure, or .. where it is hidden, and no others.",
    },
};
