/* SPDX-License-Identifier: EUPL-1.2 */
/* page.c - the frame of all pages. */
#include "reports/pages/page_part.h"

#include <stdio.h>
#include <string.h>

struct link {
    const char *file, *sv, *en;
    bool groups_only; /* only where there are groups */
};

static const struct link links[] = {
    {"index.html", "Översikt", "Overview", false},
    {"groups.html", "Jämför grupper", "Compare groups", true},
    {"map.html", "Karta", "Map", true},
    {"data.html", "Hämta data", "Get the data", false},
    {"method.html", "Metod", "Method", false},
    {"quality.html", "Kvalitet", "Quality", false},
    {"check.html", "Stämmer det?", "Is this right?", false},
};

void page_indicator_file(char out[static PAGE_FILE_MAX], const struct ska_indicator *indicator)
{
    (void)snprintf(out, PAGE_FILE_MAX, "indicator-%s.html", indicator->code); /* fits: a code */
}

void page_navigation(struct ska_writer *w, const char *file, bool has_groups, bool swedish)
{
    HTML(w, "<nav class=\"pages\" aria-label=\"{}\">\n<ul>\n",
         swedish ? "Webbplatsens sidor" : "Pages of the site");
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        bool current = strcmp(links[i].file, file) == 0;
        if (links[i].groups_only && !has_groups)
            continue;
        HTML(w, "<li><a href=\"{}\"", links[i].file);
        html_raw(w, current ? " aria-current=\"page\">" : ">");
        HTML(w, "{}</a></li>\n", swedish ? links[i].sv : links[i].en);
    }
    html_raw(w, "</ul>\n</nav>\n");
}

void page_mark(struct page *p, enum page_mark_kind kind)
{
    if (p->marks != NULL && p->w->status == SKA_OK)
        p->w->status = page_marks_add(p->marks, kind, p->w->len);
}

void page_begin(struct page *p, const char *title, const char *file)
{
    const char *site_title = page_label(p, &p->site->cube->catalogue->title);
    const char *prefix = page_prefix(p);
    p->file = file;
    P(p,
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<title>{}{}{}</title>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"stylesheet\" href=\"{}style.css\">\n"
      "<link rel=\"icon\" href=\"{}icon.svg\">\n",
      page_in(p, "sv", "en"), title, strcmp(title, site_title) == 0 ? "" : " \xE2\x80\x93 ",
      strcmp(title, site_title) == 0 ? "" : site_title, prefix, prefix);
    P(p,
      "<link rel=\"alternate\" hreflang=\"{}\" href=\"{}{}\">\n"
      "<script src=\"{}comfort.js\" defer></script>\n</head>\n<body>\n",
      page_in(p, "en", "sv"), page_in(p, "en/", "../"), file, prefix);
    P(p, "<a class=\"skip\" href=\"#innehall\">{}</a>\n<header>\n<div class=\"top\">\n",
      page_in(p, "Hoppa till innehållet", "Skip to the content"));
    P(p, "<p class=\"site\"><a href=\"index.html\">{}</a></p>\n", site_title);
    P(p, "<p class=\"language\"><a href=\"{}{}\" lang=\"{}\" hreflang=\"{}\">{}</a></p>\n</div>\n",
      page_in(p, "en/", "../"), file, page_in(p, "en", "sv"), page_in(p, "en", "sv"),
      page_in(p, "English", "Svenska"));
    page_navigation(p->w, file, p->site->cube->n_blocks > 1, p->swedish);
    html_raw(p->w, "</header>\n<main id=\"innehall\" tabindex=\"-1\">\n");
    chart_write_hatch(p->w);
    page_mark(p, PAGE_LOOSE);
}

void page_end(struct page *p)
{
    const struct site_facts *facts = p->site->facts;
    const char *who = site_fact(facts, p->swedish ? FACT_ORGANISATION_SV : FACT_ORGANISATION_EN);
    page_mark(p, PAGE_TAIL);
    html_raw(p->w, "</main>\n<footer>\n<div>\n");
    P(p, "<p>{}</p>\n",
      page_in(p,
              "Summorna är gjorda så att ingen har sett en enskild uppgiftslämnares värden, och så "
              "att vem som helst kan räkna efter att de stämmer.",
              "The totals were made so that nobody has seen a single contributor's figures, and so "
              "that anyone can check that they are right."));
    if (p->site->leader_url[0] != '\0')
        P(p, "<p class=\"printed\">{}{}{}</p>\n", p->site->leader_url, page_in(p, "", "en/"),
          p->file);
    html_raw(p->w, "<ul>\n");
    if (who[0] != '\0')
        P(p, "<li>{} {}</li>\n", page_in(p, "Utges av", "Published by"), who);
    P(p,
      "<li><a href=\"about.html\">{}</a></li>\n<li><a href=\"accessibility.html\">{}</a></li>\n"
      "</ul>\n</div>\n</footer>\n</body>\n</html>\n",
      page_in(p, "Om webbplatsen", "About this site"),
      page_in(p, "Tillgänglighetsredogörelse", "Accessibility statement"));
}

void page_scroll_begin(struct page *p, const char *label)
{
    P(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n", label);
}

void page_scroll_end(struct page *p)
{
    html_raw(p->w, "</div>\n");
}
