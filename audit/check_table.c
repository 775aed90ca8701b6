/* SPDX-License-Identifier: EUPL-1.2 */
/* check_table.c - the checks: their identifiers, sentences and needs. docs/audit.md says more. */
#include "audit/check.h"

#define NEEDS(name) (UINT64_C(1) << CHECK_##name)

_Static_assert(N_CHECKS <= 64, "a need is a bit of 64");

/* One check in a few lines. */
/* clang-format off */
const struct check check_table[N_CHECKS] = {
    [CHECK_BUNDLE_FORM] = {
        "bundle-form",
        "Paketet är ett arkiv i kanonisk form med precis de filer som version 1 har.",
        "The bundle is an archive in canonical form with exactly the files of version 1.",
        "filer", "files", 0, check_bundle_form},
    [CHECK_PARAMETERS_FORM] = {
        "parameters-form",
        "Parametrarna går att läsa och motsäger inte sig själva.",
        "The parameters can be read and do not contradict themselves.",
        "filer", "files", NEEDS(BUNDLE_FORM), check_parameters_form},
    [CHECK_PARAMETERS_TRUST] = {
        "parameters-trust",
        "Parametrarna namnger samma utgivare, andra undertecknare, ledare och hjälpare som"
        " förtroendefilen.",
        "The parameters name the same publisher, second signer, leader and helper as the trust"
        " file.",
        "nycklar", "keys", NEEDS(PARAMETERS_FORM), check_parameters_trust},
    [CHECK_PARAMETERS_SIGNATURES] = {
        "parameters-signatures",
        "Utgivaren, ledaren och hjälparen har skrivit under parametrarna.",
        "Publisher, leader and helper signed the parameters.",
        "underskrifter", "signatures", NEEDS(PARAMETERS_FORM), check_parameters_signatures},
    [CHECK_RELEASE_FORM] = {
        "release-form",
        "Utgåvan räknar upp just de här filerna, byte för byte, och sin plats bland utgåvorna.",
        "The release lists exactly these files, byte for byte, and its place among the releases.",
        "filer", "files", NEEDS(PARAMETERS_FORM), check_release_form},
    [CHECK_RELEASE_SIGNATURE] = {
        "release-signature",
        "Utgivaren har skrivit under utgåvan.",
        "The publisher signed the release.",
        "underskrifter", "signatures", NEEDS(RELEASE_FORM), check_release_signature},
    [CHECK_RELEASE_SECOND_SIGNATURE] = {
        "release-second-signature",
        "Den andra undertecknaren har skrivit under samma utgåva.",
        "The second signer signed the same release.",
        "underskrifter", "signatures", NEEDS(RELEASE_FORM), check_release_second_signature},
    [CHECK_GENERATORS] = {
        "generators",
        "Bevisens generatorer är de som var och en kan härleda.",
        "The generators of the proofs are the ones that anyone can derive.",
        "hashar", "hashes", NEEDS(PARAMETERS_FORM), check_generators},
    [CHECK_ROSTER] = {
        "roster",
        "Förteckningen är ordnad, var och en står en gång, och de är nog många.",
        "The roster is in order, everyone stands once, and they are enough.",
        "uppgiftslämnare", "contributors", NEEDS(PARAMETERS_FORM), check_roster},
    [CHECK_ACCEPTED_FORM] = {
        "accepted-form",
        "Listan över mottagna inlämningar går att läsa och är ordnad.",
        "The list of accepted submissions can be read and is in order.",
        "rader", "entries", NEEDS(BUNDLE_FORM), check_accepted_form},
    [CHECK_ACCEPTED_SIGNATURES] = {
        "accepted-signatures",
        "Ledaren och hjälparen har skrivit under samma lista.",
        "Leader and helper signed the same list.",
        "underskrifter", "signatures", NEEDS(ACCEPTED_FORM), check_accepted_signatures},
    [CHECK_ACCEPTED_ENTRIES] = {
        "accepted-entries",
        "Listan gäller denna period, och var rad gäller någon på förteckningen.",
        "The list is of this period, and every entry of someone on the roster.",
        "rader", "entries", NEEDS(ACCEPTED_FORM) | NEEDS(PARAMETERS_FORM), check_accepted_entries},
    [CHECK_MINIMUM_CONTRIBUTORS] = {
        "minimum-contributors",
        "Minst så många har räknats som policyn kräver.",
        "At least as many were counted as the policy demands.",
        "räknade", "counted", NEEDS(ACCEPTED_FORM) | NEEDS(PARAMETERS_FORM),
        check_minimum_contributors},
    [CHECK_SUBMISSIONS_FORM] = {
        "submissions-form",
        "Var inlämning går att läsa och har den längd som parametrarna ger.",
        "Every submission can be read and has the length that the parameters give.",
        "inlämningar", "submissions", NEEDS(PARAMETERS_FORM), check_submissions_form},
    [CHECK_SUBMISSIONS_COMPLETE] = {
        "submissions-complete",
        "Paketet har precis de räknade inlämningarna: ingen saknas, ingen är utbytt, ingen är extra.",
        "The bundle has exactly the counted submissions: none missing, none replaced, none extra.",
        "räknade", "counted", NEEDS(ACCEPTED_FORM) | NEEDS(SUBMISSIONS_FORM),
        check_submissions_complete},
    [CHECK_SUBMISSION_SIGNATURES] = {
        "submission-signatures",
        "Var inlämning är underskriven av sin uppgiftslämnare på förteckningen.",
        "Every submission is signed by its contributor on the roster.",
        "underskrifter", "signatures", NEEDS(SUBMISSIONS_FORM), check_submission_signatures},
    [CHECK_LOG_FORM] = {
        "log-form",
        "Paketet har sin del av den publika loggen, om parametrarna utlovar en, och den går att läsa.",
        "The bundle has its part of the public log, if the parameters promise one, and it can be read.",
        "poster", "entries", NEEDS(BUNDLE_FORM) | NEEDS(PARAMETERS_FORM), check_part_form},
    [CHECK_LOG_POLICY] = {
        "log-policy",
        "Policyn är den som parametrarna namnger, och kräver både hjälparens vittne och ett annat.",
        "The policy is the one that the parameters name, and needs the helper's witness and another.",
        "policyer", "policies", NEEDS(LOG_FORM), check_part_policy},
    [CHECK_LOG_CHECKPOINT] = {
        "log-checkpoint",
        "Kontrollpunkten är undertecknad av en logg i policyn, under dess eget namn.",
        "The checkpoint is signed by a log of the policy, under its own name.",
        "kontrollpunkter", "checkpoints", NEEDS(LOG_POLICY), check_part_checkpoint},
    [CHECK_LOG_QUORUM] = {
        "log-quorum",
        "Så många av policyns vittnen som den kräver har intygat kontrollpunkten.",
        "As many of the policy's witnesses as it demands cosigned the checkpoint.",
        "vittnen", "witnesses", NEEDS(LOG_CHECKPOINT), check_part_quorum},
    [CHECK_LOG_ROOT] = {
        "log-root",
        "Kontrollpunktens rot följer av posterna.",
        "The checkpoint's root follows from the entries.",
        "poster", "entries", NEEDS(LOG_CHECKPOINT), check_part_root},
    [CHECK_LOG_TASK] = {
        "log-task",
        "Uppgiftens poster står i rätt ordning, från förteckning till insamling, och är detta pakets.",
        "The task's entries are in order, from roster to collect, and are those of this bundle.",
        "poster", "entries", NEEDS(LOG_ROOT), check_part_task},
    [CHECK_LOG_CLOSE] = {
        "log-close",
        "Varje stängning är undertecknad av tre, av loggen som den var, och räknar upp precis uppgiftens inlämningar.",
        "Each close is signed by three, of the log as it was, and lists exactly the task's submissions.",
        "stängningar och inlämningar", "closes and submissions", NEEDS(LOG_TASK), check_part_close},
    [CHECK_LOG_ACCEPTED] = {
        "log-accepted",
        "Listan är, rad för rad, de inlämningar som loggen stängdes med, undertecknade av båda.",
        "The list is, entry by entry, the submissions that the log was closed with, signed by both.",
        "inlämningar", "submissions", NEEDS(LOG_CLOSE) | NEEDS(ACCEPTED_FORM), check_part_accepted},
    [CHECK_CORRECTION_EARLIER] = {
        "correction-earlier",
        "En rättelse jämförs med just den publicering som dess parametrar namnger.",
        "A correction is compared with the very release that its parameters name.",
        "tidigare inlämningar", "earlier submissions",
        NEEDS(PARAMETERS_FORM), check_correction_earlier},
    [CHECK_SUBMISSION_PROOFS] = {
        "submission-proofs",
        "Var inlämning bevisar att varje tal är inom sin gräns och att reglerna håller.",
        "Every submission proves that each count is within its bound and that the rules hold.",
        "bevis", "proofs", NEEDS(SUBMISSIONS_FORM) | NEEDS(GENERATORS) | NEEDS(CORRECTION_EARLIER),
        check_submission_proofs},
    [CHECK_CORRECTION_CHANGES] = {
        "correction-changes",
        "I en rättelse har ingen eller minst 3 av dem som hör ihop ändrat något, och ingen fattas"
        " ensam.",
        "In a correction nobody or at least 3 of those that belong together changed anything, and"
        " nobody is missing alone.",
        "öppningar", "openings",
        NEEDS(SUBMISSIONS_COMPLETE) | NEEDS(ACCEPTED_SIGNATURES) | NEEDS(CORRECTION_EARLIER),
        check_correction_changes},
    [CHECK_EARLIER_RELEASES] = {
        "earlier-releases",
        "De tidigare utgåvor som denna hör ihop med är just de som den namnger.",
        "The earlier releases that this one is linked with are the very ones that it names.",
        "utgåvor", "releases",
        NEEDS(ACCEPTED_FORM) | NEEDS(RELEASE_FORM) | NEEDS(CORRECTION_EARLIER) |
            NEEDS(CORRECTION_CHANGES),
        check_earlier_releases},
    [CHECK_COMMITMENTS] = {
        "commitments",
        "Alla åtaganden är punkter i kanonisk form, och är hopräknade.",
        "All commitments are points in canonical form, and are added up.",
        "åtaganden", "commitments", NEEDS(SUBMISSIONS_FORM), check_commitments},
    [CHECK_YEAR_COMMITMENTS] = {
        "year-commitments",
        "Åtagandena i årets tidigare delar är hopräknade.",
        "The commitments of the year's earlier parts are added up.",
        "inlämningar", "submissions", NEEDS(EARLIER_RELEASES) | NEEDS(COMMITMENTS),
        check_year_commitments},
    [CHECK_OPENINGS_FORM] = {
        "openings-form",
        "Öppningarna går att läsa.",
        "The openings can be read.",
        "filer", "files", NEEDS(BUNDLE_FORM), check_openings_form},
    [CHECK_SUPPRESSION_FORM] = {
        "suppression-form",
        "Listan över dolda celler går att läsa.",
        "The list of hidden cells can be read.",
        "filer", "files", NEEDS(BUNDLE_FORM), check_suppression_form},
    [CHECK_CERTIFICATE_FORM] = {
        "certificate-form",
        "Intyget om de dolda cellerna går att läsa.",
        "The certificate about the hidden cells can be read.",
        "filer", "files", NEEDS(BUNDLE_FORM), check_certificate_form},
    [CHECK_ROUNDING_FORM] = {
        "rounding-form",
        "De avrundade talen går att läsa; de finns precis om policyn avrundar.",
        "The rounded figures can be read; they are there exactly if the policy rounds.",
        "filer", "files", NEEDS(BUNDLE_FORM) | NEEDS(PARAMETERS_FORM), check_rounding_form},
    [CHECK_CELLS_ACCOUNTED] = {
        "cells-accounted",
        "Varje cell är öppnad, avrundad eller dold med ett skäl.",
        "Every cell is opened, rounded or hidden for a reason.",
        "celler", "cells",
        NEEDS(OPENINGS_FORM) | NEEDS(ROUNDING_FORM) | NEEDS(SUPPRESSION_FORM) | NEEDS(PARAMETERS_FORM) |
            NEEDS(ACCEPTED_FORM) | NEEDS(EARLIER_RELEASES),
        check_cells_accounted},
    [CHECK_AGGREGATES_SIGNATURES] = {
        "aggregates-signatures",
        "Ledaren och hjälparen har skrivit under var sin lista av summor över just denna lista.",
        "Leader and helper each signed their sums over just this list.",
        "underskrifter", "signatures",
        NEEDS(OPENINGS_FORM) | NEEDS(ACCEPTED_FORM) | NEEDS(PARAMETERS_FORM),
        check_aggregates_signatures},
    [CHECK_OPENINGS_PATHS] = {
        "openings-paths",
        "Var öppning ingår i de summor som ledaren och hjälparen skrev under.",
        "Every opening is part of the sums that leader and helper signed.",
        "öppningar", "openings", NEEDS(CELLS_ACCOUNTED), check_openings_paths},
    [CHECK_OPENINGS_LEADER] = {
        "openings-leader",
        "Ledarens summor öppnar summan av uppgiftslämnarnas åtaganden.",
        "The leader's sums open the sum of the contributors' commitments.",
        "öppningar", "openings",
        NEEDS(OPENINGS_PATHS) | NEEDS(AGGREGATES_SIGNATURES) | NEEDS(COMMITMENTS) |
            NEEDS(SUBMISSIONS_COMPLETE),
        check_openings_leader},
    [CHECK_OPENINGS_HELPER] = {
        "openings-helper",
        "Hjälparens summor öppnar summan av uppgiftslämnarnas åtaganden.",
        "The helper's sums open the sum of the contributors' commitments.",
        "öppningar", "openings",
        NEEDS(OPENINGS_PATHS) | NEEDS(AGGREGATES_SIGNATURES) | NEEDS(COMMITMENTS) |
            NEEDS(SUBMISSIONS_COMPLETE),
        check_openings_helper},
    [CHECK_TOTALS] = {
        "totals",
        "Var öppnad summa är ett möjligt antal, och reglerna håller för summorna.",
        "Every opened total is a possible count, and the rules hold for the totals.",
        "summor", "totals", NEEDS(OPENINGS_LEADER) | NEEDS(OPENINGS_HELPER), check_totals},
    [CHECK_YEAR_OPENINGS] = {
        "year-openings",
        "Var öppnad årssumma öppnar summan av åtagandena i årets alla delar.",
        "Every opened sum of the year opens the sum of the commitments of all its parts.",
        "summor", "totals", NEEDS(TOTALS) | NEEDS(YEAR_COMMITMENTS), check_year_openings},
    [CHECK_ROUNDED_FIGURES] = {
        "rounded-figures",
        "Om policyn avrundar är varje visat antal en multipel av basen, bevisat mindre än en bas "
        "från det rätta och inte under tröskeln, och inget av dem är öppnat.",
        "If the policy rounds, every count shown is a multiple of the base, proven to be less than "
        "one base from the truth and not below the threshold, and none of them is opened.",
        "avrundade tal", "rounded figures",
        NEEDS(CELLS_ACCOUNTED) | NEEDS(COMMITMENTS) | NEEDS(SUBMISSIONS_COMPLETE) |
            NEEDS(GENERATORS) | NEEDS(YEAR_COMMITMENTS),
        check_rounded_figures},
    [CHECK_MINIMUM_ANSWERS] = {
        "minimum-answers",
        "Varje visad cell har minst så många svar som policyn kräver.",
        "Every shown cell has at least as many answers as the policy demands.",
        "celler", "cells", NEEDS(TOTALS), check_minimum_answers},
    [CHECK_PRIMARY_SUPPRESSION] = {
        "primary-suppression",
        "Ingen visad summa är för liten, och allt som beror på ett dolt antal är dolt.",
        "No published total is too small, and all that depends on a hidden number is hidden.",
        "celler", "cells", NEEDS(YEAR_OPENINGS) | NEEDS(ROUNDED_FIGURES), check_primary_suppression},
    [CHECK_SUPPRESSION_PROOF] = {
        "suppression-proof",
        "Var cell som dolts för att den är liten, eller markerad, är bevisad att vara det.",
        "Every cell hidden for being small, or marked, is proven to be so.",
        "celler", "cells",
        NEEDS(CELLS_ACCOUNTED) | NEEDS(COMMITMENTS) | NEEDS(SUBMISSIONS_COMPLETE) |
            NEEDS(GENERATORS) | NEEDS(YEAR_COMMITMENTS),
        check_suppression_proof},
    [CHECK_COMPLEMENTARY_SUPPRESSION] = {
        "complementary-suppression",
        "De kompletterande dolda cellerna är de som den offentliga regeln ger.",
        "The complementary hidden cells are those that the public rule gives.",
        "celler", "cells",
        NEEDS(PRIMARY_SUPPRESSION) | NEEDS(NO_HIDDEN_OPENINGS) | NEEDS(PARAMETERS_TRUST) |
            NEEDS(PARAMETERS_SIGNATURES),
        check_complementary_suppression},
    [CHECK_PROTECTION] = {
        "protection",
        "Ingen dold cell går att räkna ut ur det som visas, regel för regel.",
        "No hidden cell can be worked out from what is published, rule by rule.",
        "dolda celler", "hidden cells",
        NEEDS(PRIMARY_SUPPRESSION) | NEEDS(NO_HIDDEN_OPENINGS) | NEEDS(PARAMETERS_TRUST) |
            NEEDS(PARAMETERS_SIGNATURES),
        check_protection},
    [CHECK_CERTIFICATE] = {
        "certificate",
        "För varje dold cell finns två hela tabeller som stämmer med allt som visas och skiljer sig"
        " i cellen med minst det som policyn kräver.",
        "For every hidden cell there are two whole tables that agree with all that is published and"
        " differ in it by at least what the policy demands.",
        "dolda celler", "hidden cells",
        NEEDS(PRIMARY_SUPPRESSION) | NEEDS(NO_HIDDEN_OPENINGS) | NEEDS(CERTIFICATE_FORM) |
            NEEDS(PARAMETERS_TRUST) | NEEDS(PARAMETERS_SIGNATURES),
        check_certificate},
    [CHECK_CORRECTION_KEPT] = {
        "correction-kept",
        "I en rättelse är allt dolt som var dolt i det som rättas.",
        "In a correction all is hidden that was hidden in what it corrects.",
        "dolda celler", "hidden cells", NEEDS(CELLS_ACCOUNTED) | NEEDS(CORRECTION_EARLIER),
        check_correction_kept},
    [CHECK_CORRECTION_CHAIN] = {
        "correction-chain",
        "En rättelse publicerades efter det som den rättar, och följer den direkt på det är det"
        " just det paketet.",
        "A correction was released after what it corrects, and if it follows right upon it, upon"
        " this very bundle.",
        "paket", "bundles", NEEDS(RELEASE_FORM) | NEEDS(CORRECTION_EARLIER),
        check_correction_chain},
    [CHECK_NO_HIDDEN_OPENINGS] = {
        "no-hidden-openings",
        "Ingen dold cell är öppnad eller visas avrundad.",
        "No hidden cell is opened or shown rounded.",
        "celler", "cells", NEEDS(CELLS_ACCOUNTED), check_no_hidden_openings},
    [CHECK_TABLE_EXACT] = {
        "table-exact",
        "Tabellen är byte för byte den som följer av öppningarna och de avrundade talen.",
        "The table is byte for byte the one that follows from openings and rounded figures.",
        "byte", "bytes", NEEDS(YEAR_OPENINGS) | NEEDS(NO_HIDDEN_OPENINGS), check_table_exact},
    [CHECK_DATA_FILES] = {
        "data-files",
        "Datafilerna (JSON-stat och PX) är byte för byte de som följer av det kontrollerade: siffror, etiketter, enheter, källa.",
        "The data files (JSON-stat and PX) are byte for byte those that follow from what was verified: figures, labels, units, source.",
        "byte", "bytes", NEEDS(YEAR_OPENINGS) | NEEDS(NO_HIDDEN_OPENINGS), check_data_files},
    [CHECK_PAGES] = {
        "pages",
        "Sidorna visar varje cells rätta siffra, eller .. där den är dold, och inga andra.",
        "The pages show each cell's right figure, or .. where it is hidden, and no others.",
        "siffror", "figures", NEEDS(YEAR_OPENINGS) | NEEDS(NO_HIDDEN_OPENINGS), check_pages},
};
/* clang-format on */
