/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_pages.c - cheats with the table and the pages. */
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

#define REPLACE(function, file, old, new) \
    static void function(struct world *w) \
    {                                     \
        world_replace(w, file, old, new); \
    }

#define SV "page.sv.html"
#define EN "page.en.html"
#define K_SHOWN "data-cell=\"A.KON.K\">40<"

REPLACE(table_digit, "table.csv", ",40,", ",41,")
REPLACE(table_hidden_shown, "table.csv", ",..,small", ",3,small")
REPLACE(table_other_reason, "table.csv", "small", "complement")
REPLACE(table_other_label, "table.csv", "kvinna", "qvinna")
REPLACE(table_line_end, "table.csv", "reason\n", "reason\r\n")

REPLACE(json_digit, "table.json", ",40,", ",41,")
REPLACE(json_fraction, "table.json", ",40,", ",40.0,")
REPLACE(json_hidden_shown, "table.json", "null", "3")
REPLACE(json_shown_hidden, "table.json", ",40,", ",null,")
REPLACE(json_without_status, "table.json", "\"2\":\"..\"", "\"2\":\".\"")
REPLACE(json_status_of_none, "table.json", "\"status\":{", "\"status\":{\"99\":\"..\",")
REPLACE(json_code_moved, "table.json", "\"A.KON.K\":1,\"A.KON.M\":2", "\"A.KON.K\":2,\"A.KON.M\":1")
REPLACE(json_more, "table.json", "{\"version\"", "{\"more\":{\"value\":[3]},\"version\"")
REPLACE(json_twice, "table.json", "\"value\":[", "\"value\":[],\"value\":[")
REPLACE(json_one_more, "table.json", "\"value\":[", "\"value\":[7,")
REPLACE(json_no_json, "table.json", "}}\n", "}")
REPLACE(json_label, "table.json", "ärenden, kön: kvinna", "ärenden, kön: man")
REPLACE(json_unit, "table.json", "\"base\":\"st\"", "\"base\":\"tusental\"")
REPLACE(json_title, "table.json", "Liten, 2025Q2", "Liten, 2024Q2")
REPLACE(json_group, "table.json", "\"Alla\"", "\"Kvinnor\"")
REPLACE(json_symbol, "table.json", "skyddat värde", "inga fall")
REPLACE(json_reason, "table.json", "\"2\":\"small\"", "\"2\":\"marked\"")
REPLACE(json_space, "table.json", ",\"id\"", ", \"id\"")
REPLACE(px_label, "table.px", "\"ärenden, kön: kvinna\"", "\"ärenden, kön: man\"")
REPLACE(px_english_label, "table.px", "\"cases, sex: woman\"", "\"cases, sex: man\"")
REPLACE(px_unit, "table.px", "UNITS(\"akuta\")=\"st\"", "UNITS(\"akuta\")=\"tusental\"")
REPLACE(px_title, "table.px", "CONTENTS[en]=\"T, 2025Q2", "CONTENTS[en]=\"T, 2024Q2")
REPLACE(px_note, "table.px", "skyddat värde", "inga fall")
REPLACE(px_cell_note, "table.px",
        "DATA=", "CELLNOTE(\"Alla\",\"akuta\",\"2025Q2\")=\"egentligen 60\";\r\nDATA=")
REPLACE(px_charset, "table.px", "\"utf-8\"", "\"windows-1252\"")
REPLACE(px_decimals, "table.px", "DECIMALS=0", "DECIMALS=1")
REPLACE(px_time_value, "table.px", "\"20252\"", "\"20242\"")
REPLACE(px_digit, "table.px", "\n40 \r", "\n41 \r")
REPLACE(px_zero_in_front, "table.px", "\n40 \r", "\n040 \r")
REPLACE(px_hidden_shown, "table.px", "\"..\" \r", "3 \r")
REPLACE(px_shown_hidden, "table.px", "\n40 \r", "\n\"..\" \r")
REPLACE(px_codes_moved, "table.px", "\"A.KON.K\",\"A.KON.M\"", "\"A.KON.M\",\"A.KON.K\"")
REPLACE(px_english_codes, "table.px", "CODES[en](\"content\")=\"A\"",
        "CODES[en](\"content\")=\"B\"")
REPLACE(px_codes_twice, "table.px", "DATA=", "CODES(\"tid\")=\"2024\";\r\nDATA=")
REPLACE(px_turned, "table.px", "HEADING=\"tid\"", "HEADING=\"grupp\"")
REPLACE(px_keys, "table.px", "DATA=", "KEYS(\"grupp\")=CODES;\r\nDATA=")
REPLACE(px_one_more, "table.px", "\r\n;", "\r\n3 ;")
REPLACE(px_other_data, "table.px", "DATA=\r\n", "DATA=1;\r\nDATA=\r\n")
REPLACE(px_behind, "table.px", "\r\n;\r\n", "\r\n;\r\nDATA=3;\r\n")

static void table_end_cut(struct world *w)
{
    world_find(w, "table.csv")->len--;
}

static void table_empty(struct world *w)
{
    world_find(w, "table.csv")->len = 0;
}

static void page_empty(struct world *w)
{
    world_find(w, SV)->len = 0;
}

REPLACE(digit_sv, SV, K_SHOWN, "data-cell=\"A.KON.K\">41<")
REPLACE(digit_en, EN, K_SHOWN, "data-cell=\"A.KON.K\">4<")
REPLACE(zero_in_front, EN, K_SHOWN, "data-cell=\"A.KON.K\">040<")
REPLACE(words_for_digits, SV, K_SHOWN, "data-cell=\"A.KON.K\">fyrtio<")
REPLACE(nothing_for_digits, SV, K_SHOWN, "data-cell=\"A.KON.K\"><")
REPLACE(hidden_shown, SV, "data-cell=\"A.KON.M\">..<", "data-cell=\"A.KON.M\">3<")
REPLACE(shown_hidden, SV, K_SHOWN, "data-cell=\"A.KON.K\">..<")
REPLACE(unknown_code, SV, "data-cell=\"A.KON.K\"", "data-cell=\"A.KON.X\"")
REPLACE(cell_left_out, EN, "<tr><td data-cell=\"E\">0</td></tr>", "")
REPLACE(figure_again, SV, "</table>", "</table><p data-cell=\"A.KON.K\">39</p>")
REPLACE(extra_row, SV, "</table>", "<tr><th>K</th><td>39</td></tr></table>")
REPLACE(extra_entity, SV, "</table>", "<tr><td><b>&#51;</b></td></tr></table>")
REPLACE(beside_figure, EN, "<td data-cell=\"E\">0</td>", "<td><i data-cell=\"E\">0</i>7</td>")
REPLACE(hidden_again, SV, "</table>", "</table><p data-cell=\"A.KON.M\">3</p>")
REPLACE(script, SV, "</table>", "</table><script>document.body.textContent='0'</script>")
REPLACE(handler, SV, "<body>", "<body onload=\"x()\">")
REPLACE(commented_out, SV, "<tr><td data-cell=\"E\">0</td></tr>",
        "<!--<tr><td data-cell=\"E\">0</td></tr>-->")
REPLACE(in_title, SV, "<title>2025", "<title><b data-cell=\"E\">0</b>")
REPLACE(hidden_figure, SV, "<td data-cell=\"E\">", "<td hidden data-cell=\"E\">")
REPLACE(styled_figure, SV, "<td data-cell=\"E\">", "<td style=\"display:none\" data-cell=\"E\">")
REPLACE(figure_within_figure, SV, ">40<", "><b>40</b><")
REPLACE(two_codes, SV, "<td data-cell=\"E\">", "<td data-cell=\"E\" data-cell=\"C\">")
REPLACE(swallowed, SV, "<table>", "<table><tr><th>E</th><th>9</th></tr></table><title/><table>")
REPLACE(reversed, EN, "<table>", "<bdo dir=\"rtl\"><table>")
REPLACE(single_quotes, SV, "data-cell=\"E\"", "data-cell='E'")

#define DATA "data-files"

const struct cheat cheats_with_pages[] = {
    {.name = "digit in the table",
     .want = "table-exact",
     .tells = "line 3",
     .published = table_digit},
    {.name = "hidden figure in the table", .want = "table-exact", .published = table_hidden_shown},
    {.name = "other reason in the table", .want = "table-exact", .published = table_other_reason},
    {.name = "other label in the table", .want = "table-exact", .published = table_other_label},
    {.name = "other line end in the table", .want = "table-exact", .published = table_line_end},
    {.name = "table without its last line end", .want = "table-exact", .published = table_end_cut},
    {.name = "empty table", .want = "table-exact", .published = table_empty},
    {.name = "digit in JSON-stat",
     .want = "data-files",
     .tells = "table.json: A.KON.K",
     .published = json_digit},
    {.name = "fraction in JSON-stat", .want = "data-files", .published = json_fraction},
    {.name = "hidden figure in JSON-stat", .want = "data-files", .published = json_hidden_shown},
    {.name = "shown figure hidden in JSON-stat",
     .want = "data-files",
     .published = json_shown_hidden},
    {.name = "hidden called missing in JSON-stat",
     .want = "data-files",
     .published = json_without_status},
    {.name = "status of no figure in JSON-stat",
     .want = "data-files",
     .published = json_status_of_none},
    {.name = "figure under another code in JSON-stat",
     .want = "data-files",
     .published = json_code_moved},
    {.name = "a member more in JSON-stat", .want = "data-files", .published = json_more},
    {.name = "figures twice in JSON-stat", .want = "data-files", .published = json_twice},
    {.name = "a figure more in JSON-stat", .want = "data-files", .published = json_one_more},
    {.name = "JSON-stat that is no JSON", .want = "data-files", .published = json_no_json},
    {.name = "label in JSON-stat",
     .want = DATA,
     .tells = "should be \"kvinna",
     .published = json_label},
    {.name = "unit in JSON-stat", .want = DATA, .tells = "tusental", .published = json_unit},
    {.name = "title in JSON-stat", .want = DATA, .published = json_title},
    {.name = "label of a group in JSON-stat", .want = DATA, .published = json_group},
    {.name = "meaning of a symbol in JSON-stat", .want = DATA, .published = json_symbol},
    {.name = "reason in JSON-stat", .want = DATA, .published = json_reason},
    {.name = "white space in JSON-stat", .want = DATA, .published = json_space},
    {.name = "label in PX", .want = DATA, .published = px_label},
    {.name = "English label in PX", .want = DATA, .published = px_english_label},
    {.name = "unit in PX", .want = DATA, .published = px_unit},
    {.name = "title in PX", .want = DATA, .published = px_title},
    {.name = "note in PX", .want = DATA, .published = px_note},
    {.name = "note of a cell in PX", .want = DATA, .published = px_cell_note},
    {.name = "character set in PX", .want = DATA, .published = px_charset},
    {.name = "decimals in PX", .want = DATA, .published = px_decimals},
    {.name = "time in PX", .want = DATA, .published = px_time_value},
    {.name = "digit in PX",
     .want = "data-files",
     .tells = "table.px: A.KON.K",
     .published = px_digit},
    {.name = "a zero in front in PX", .want = "data-files", .published = px_zero_in_front},
    {.name = "hidden figure in PX", .want = "data-files", .published = px_hidden_shown},
    {.name = "shown figure hidden in PX", .want = "data-files", .published = px_shown_hidden},
    {.name = "figures under other codes in PX", .want = "data-files", .published = px_codes_moved},
    {.name = "other codes in English in PX", .want = "data-files", .published = px_english_codes},
    {.name = "codes twice in PX", .want = "data-files", .published = px_codes_twice},
    {.name = "turned round in PX", .want = "data-files", .published = px_turned},
    {.name = "keys in PX", .want = "data-files", .published = px_keys},
    {.name = "a figure more in PX", .want = "data-files", .published = px_one_more},
    {.name = "other data first in PX", .want = "data-files", .published = px_other_data},
    {.name = "data behind the end in PX", .want = "data-files", .published = px_behind},
    {.name = "empty page", .want = "pages", .published = page_empty},
    {.name = "digit in the Swedish page",
     .want = "pages",
     .tells = "page.sv.html: A.KON.K",
     .published = digit_sv},
    {.name = "digit in the English page",
     .want = "pages",
     .tells = "page.en.html: A.KON.K",
     .published = digit_en},
    {.name = "a zero in front", .want = "pages", .published = zero_in_front},
    {.name = "words for digits", .want = "pages", .published = words_for_digits},
    {.name = "nothing for digits", .want = "pages", .published = nothing_for_digits},
    {.name = "hidden figure shown", .want = "pages", .tells = "A.KON.M", .published = hidden_shown},
    {.name = "shown figure hidden", .want = "pages", .published = shown_hidden},
    {.name = "figure of no cell", .want = "pages", .tells = "A.KON.X", .published = unknown_code},
    {.name = "cell left out", .want = "pages", .tells = "E", .published = cell_left_out},
    {.name = "a second, other figure", .want = "pages", .published = figure_again},
    {.name = "row of a figure without code", .want = "pages", .published = extra_row},
    {.name = "figure without code as an entity", .want = "pages", .published = extra_entity},
    {.name = "figure without code beside another", .want = "pages", .published = beside_figure},
    {.name = "hidden figure elsewhere", .want = "pages", .published = hidden_again},
    {.name = "script", .want = "pages", .published = script},
    {.name = "event handler", .want = "pages", .published = handler},
    {.name = "figure in a comment", .want = "pages", .published = commented_out},
    {.name = "figure in the title", .want = "pages", .published = in_title},
    {.name = "figure not displayed", .want = "pages", .published = hidden_figure},
    {.name = "figure styled away", .want = "pages", .published = styled_figure},
    {.name = "element within a figure", .want = "pages", .published = figure_within_figure},
    {.name = "two codes", .want = "pages", .published = two_codes},
    {.name = "figures swallowed by a title", .want = "pages", .published = swallowed},
    {.name = "figures from right to left", .want = "pages", .published = reversed},
    {.name = "single quotes", .want = "pages", .published = single_quotes},
};
const size_t n_cheats_with_pages = N_OF(cheats_with_pages);
