/* SPDX-License-Identifier: EUPL-1.2 */
/* page_change.c - sentences about change, which say no more than the figures bear (change.h). */
#include "reports/pages/change.h"
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>

/* The words before and after the name of the period compared with; the figure follows in brackets.
 */
struct phrase {
    const char *class, *sign, *sv, *en, *sv_after, *en_after;
};

static const struct phrase phrases[] = {
    [CHANGE_UNKNOWN] = {"unknown", "\xE2\x80\x93", "Kan inte jämföras med",
                        "Cannot be compared with the", "", ""},
    [CHANGE_FEW] = {"few", "\xC2\xB7", "För få för att säga något om förändringen sedan",
                    "Too few to say anything about the change since the", "", ""},
    [CHANGE_SAME] = {"same", "=", "Lika många som", "As many as in the", "", ""},
    [CHANGE_CHANCE] = {"same", "\xE2\x89\x88", "Ungefär som", "About as in the",
                       " Skillnaden är inte större än vad slumpen ofta ger.",
                       " The difference is no larger than chance often makes it."},
    [CHANGE_MORE] = {"more", "\xE2\x86\x91", "Fler än", "More than in the", "", ""},
    [CHANGE_FEWER] = {"fewer", "\xE2\x86\x93", "Färre än", "Fewer than in the", "", ""},
};

/* "the third quarter", but "2024" and "July 2024". */
static const char *phrase_en(enum change_kind kind, enum ska_cadence cadence, char out[static 80])
{
    const char *text = phrases[kind].en;
    size_t n = 0;
    for (; n < 79 && text[n] != '\0'; n++)
        out[n] = text[n];
    if ((cadence == SKA_YEAR || cadence == SKA_MONTH) && n > 4)
        n -= 4; /* " the" */
    out[n] = '\0';
    return out;
}

/* How many answered, as far as that is published: the indicator's own flag, else all counted. */
static uint64_t answered(const struct page *p, const struct cube_series *s, size_t period,
                         uint32_t block, uint32_t cell)
{
    uint32_t flag = s->layout->cells[cell].flag;
    struct cube_figure f = {0};
    if (flag != SKA_NONE)
        f = cube_at(p->site->cube, s, period, block, flag);
    if (f.status == CUBE_SHOWN)
        return f.value;
    const struct cube_period *at = &s->periods[period];
    return at->n_counted_in != NULL ? at->n_counted_in[block] : 0;
}

static void write_answered(struct page *p, const struct cube_series *s, size_t then, size_t now,
                           uint32_t block, uint32_t cell)
{
    char a[24], b[24];
    uint64_t before = answered(p, s, then, block, cell), after = answered(p, s, now, block, cell);
    if (before == after)
        return;
    (void)snprintf(a, sizeof a, "%" PRIu64, before);
    (void)snprintf(b, sizeof b, "%" PRIu64, after);
    P(p, page_in(p, " Då svarade {}, nu {}.", " {} answered then, {} now."), a, b);
}

/* Between which figures. */
struct comparison {
    const struct cube_series *s;
    size_t now;
    uint32_t block, cell;
    bool is_short;
};

/* Which of the two is not shown. */
static const char *why_unknown(const struct page *p, struct cube_figure before,
                               struct cube_figure after)
{
    bool is_hidden_then = before.status == CUBE_HIDDEN, is_hidden_now = after.status == CUBE_HIDDEN;
    if (is_hidden_then && is_hidden_now)
        return page_in(p, "båda värdena är skyddade", "both figures are protected");
    if (is_hidden_now)
        return page_in(p, "det nya värdet är skyddat", "the new figure is protected");
    if (!change_has_value(after))
        return page_in(p, "det finns inget nytt värde", "there is no new figure");
    if (is_hidden_then)
        return page_in(p, "det äldre värdet är skyddat", "the older figure is protected");
    return page_in(p, "det finns inget äldre värde", "there is no older figure");
}

static void write_sentence(struct page *p, const struct comparison *c, size_t then)
{
    const struct cube_series *s = c->s;
    size_t now = c->now;
    uint32_t block = c->block, cell = c->cell;
    const struct cube *cube = p->site->cube;
    struct cube_figure before = cube_at(cube, s, then, block, cell);
    struct cube_figure after = cube_at(cube, s, now, block, cell);
    enum change_kind kind = change_between(before, after, page_rounding(cube));
    char name[WORDS_PERIOD_MAX], head[80];
    words_period(name, s->periods[then].name, p->swedish);
    P(p, "<li class=\"{}\"><span class=\"sign\" aria-hidden=\"true\">{}</span> ",
      phrases[kind].class, phrases[kind].sign);
    P(p, "<strong>{} {}</strong>",
      p->swedish ? phrases[kind].sv : phrase_en(kind, s->cadence, head), name);
    if (kind == CHANGE_UNKNOWN) {
        P(p, ": {}.</li>\n", why_unknown(p, before, after));
        return;
    }
    html_raw(p->w, " (");
    page_number(p, s, then, block, cell);
    html_raw(p->w, ").");
    if (!c->is_short)
        html_raw(p->w, page_in(p, phrases[kind].sv_after, phrases[kind].en_after));
    write_answered(p, s, then, now, block, cell);
    html_raw(p->w, "</li>\n");
}

void page_change_sentences(struct page *p, const struct page_series *series, uint32_t cell,
                           bool is_short)
{
    const struct cube_series *s = series->own;
    const struct comparison c = {s, series->latest, 0, cell, is_short};
    uint32_t last = change_period_before(s, series->latest);
    uint32_t year = change_year_before(s, series->latest);
    html_raw(p->w, "<ul class=\"changes\">\n");
    if (last != SKA_NONE)
        write_sentence(p, &c, last);
    if (year != SKA_NONE && year != last)
        write_sentence(p, &c, year);
    if (year == SKA_NONE && last != SKA_NONE)
        P(p,
          "<li class=\"unknown\"><span class=\"sign\" aria-hidden=\"true\">\xE2\x80\x93</span> "
          "{}</li>\n",
          page_in(p, "Inget är publicerat för samma tid ett år tidigare.",
                  "Nothing is published for the same time a year earlier."));
    if (last == SKA_NONE)
        P(p, "<li class=\"unknown\">{}</li>\n",
          page_in(p, "Den första perioden; det finns inget att jämföra med.",
                  "The first period; there is nothing to compare with."));
    html_raw(p->w, "</ul>\n");
}
