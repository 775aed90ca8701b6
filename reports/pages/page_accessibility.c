/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_accessibility.c - the accessibility statement (tillgänglighetsredogörelse) that the law on
 * accessibility to digital public service (2018:1937) and the regulations MDFFS 2019:2 ask of a
 * public publisher. What only the publisher can say comes from its settings (site_facts.h); where
 * nothing is said, the page says that, and claims nothing.
 */
#include "reports/data/release_day.h"
#include "reports/pages/page_part.h"

#include <string.h>

static void write_paragraph(struct page *p, const char *sv, const char *en)
{
    P(p, "<p>{}</p>\n", page_in(p, sv, en));
}

void page_contact(struct page *p)
{
    const struct site_facts *facts = p->site->facts;
    const char *email = site_fact(facts, FACT_EMAIL), *phone = site_fact(facts, FACT_PHONE);
    const char *address = site_fact(facts, FACT_ADDRESS), *web = site_fact(facts, FACT_WEB);
    if (email[0] != '\0')
        P(p, "<dt>{}</dt><dd><a href=\"mailto:{}\">{}</a></dd>\n", page_in(p, "E-post", "E-mail"),
          email, email);
    if (phone[0] != '\0')
        P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Telefon", "Telephone"), phone);
    if (address[0] != '\0')
        P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Postadress", "Postal address"), address);
    if (web[0] != '\0')
        P(p, "<dt>{}</dt><dd><a href=\"{}\">{}</a></dd>\n", page_in(p, "Webbplats", "Website"), web,
          web);
    if (email[0] == '\0' && phone[0] == '\0' && address[0] == '\0' && web[0] == '\0')
        P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Kontakt", "Contact"),
          page_in(p, "Utgivaren har inte angett någon kontaktuppgift.",
                  "The publisher has given no contact."));
}

static void write_who(struct page *p, const char *who)
{
    if (who[0] == '\0')
        who = page_in(p, "Utgivaren", "The publisher");
    P(p,
      page_in(
          p,
          "<p class=\"lead\">{} står bakom webbplatsen {}. Vi vill att alla ska kunna "
          "använda den. Här beskrivs hur den uppfyller lagen (2018:1937) om tillgänglighet till "
          "digital offentlig service, kända brister, och hur du rapporterar brister till "
          "oss.</p>\n",
          "<p class=\"lead\">{} stands behind the website {}. We want everybody to be able to use "
          "it. This page describes how it meets the Swedish law (2018:1937) on accessibility to "
          "digital public service, known shortcomings, and how to report shortcomings to "
          "us.</p>\n"),
      who, page_label(p, &p->site->cube->catalogue->title));
}

static void write_exception(struct page *p, enum site_fact which, const char *heading,
                            const char *otherwise)
{
    const char *said = site_fact(p->site->facts, which);
    P(p, "<h3>{}</h3>\n<p>{}</p>\n", heading, said[0] != '\0' ? said : otherwise);
}

static void write_status(struct page *p)
{
    const char *status = site_fact(p->site->facts, FACT_STATUS);
    const char *remarks = site_fact(p->site->facts, p->swedish ? FACT_REMARKS_SV : FACT_REMARKS_EN);
    P(p, "<section><h2>{}</h2>\n",
      page_in(p, "Hur tillgänglig är webbplatsen?", "How accessible is the website?"));
    if (strcmp(status, "full") == 0)
        write_paragraph(p,
                        "Utgivaren har bedömt att webbplatsen är helt förenlig med lagen om "
                        "tillgänglighet till digital offentlig service.",
                        "The publisher has assessed that the website fully conforms to the law on "
                        "accessibility to digital public service.");
    else if (strcmp(status, "partial") == 0)
        write_paragraph(p,
                        "Utgivaren har bedömt att webbplatsen är delvis förenlig med lagen om "
                        "tillgänglighet till digital offentlig service.",
                        "The publisher has assessed that the website partly conforms to the law on "
                        "accessibility to digital public service.");
    else if (strcmp(status, "none") == 0)
        write_paragraph(p,
                        "Utgivaren har bedömt att webbplatsen inte är förenlig med lagen om "
                        "tillgänglighet till digital offentlig service.",
                        "The publisher has assessed that the website does not conform to the law "
                        "on accessibility to digital public service.");
    else
        write_paragraph(p, "Utgivaren har ännu inte gjort sin bedömning av webbplatsen.",
                        "The publisher has not yet made its assessment of the website.");
    html_raw(p->w, "</section>\n");
    P(p, "<section><h2>{}</h2>\n<h3>{}</h3>\n<p>{}</p>\n",
      page_in(p, "Innehåll som inte är tillgängligt", "Content that is not accessible"),
      page_in(p, "Kända brister", "Known shortcomings"),
      remarks[0] != '\0' ? remarks
      : strcmp(status, "full") == 0
          ? page_in(p, "Utgivaren känner inte till några.", "The publisher knows of none.")
          : page_in(p, "Utgivaren har inte angett vilka bristerna är.",
                    "The publisher has not said which the shortcomings are."));
    write_exception(p, p->swedish ? FACT_BURDEN_SV : FACT_BURDEN_EN,
                    page_in(p, "Oskäligt betungande anpassning (12 § i lagen)",
                            "Disproportionate burden (section 12 of the law)"),
                    page_in(p, "Utgivaren åberopar inget sådant undantag.",
                            "The publisher claims no such exception."));
    write_exception(p, p->swedish ? FACT_EXEMPT_SV : FACT_EXEMPT_EN,
                    page_in(p, "Innehåll som inte omfattas av lagen (9 §)",
                            "Content that the law does not cover (section 9)"),
                    page_in(p, "Utgivaren har inte angett något sådant innehåll.",
                            "The publisher has named no such content."));
    html_raw(p->w, "</section>\n");
}

static void write_date(struct page *p, const char *what, const char *iso)
{
    char day[WORDS_DAY_MAX];
    uint64_t time_s = 0;
    if (release_day_parse(&time_s, iso) != SKA_OK) {
        P(p, "<dt>{}</dt><dd>{}</dd>\n", what, page_in(p, "inte angiven", "not given"));
        return;
    }
    words_day(day, time_s, p->swedish);
    P(p, "<dt>{}</dt><dd><time datetime=\"{}\">{}</time></dd>\n", what, iso, day);
}

static void write_tested(struct page *p)
{
    const char *assessed = site_fact(p->site->facts, FACT_ASSESSED);
    const char *updated = site_fact(p->site->facts, FACT_UPDATED);
    P(p, "<section><h2>{}</h2>\n",
      page_in(p, "Hur vi testat webbplatsen", "How we tested the website"));
    write_paragraph(
        p,
        "Sidorna är byggda för WCAG 2.2 nivå AA och EN 301 549. Varje ny version av "
        "programmet som gör dem prövas automatiskt i webbläsaren Chromium med axe-core "
        "och html-validate: ljust och mörkt läge, tvingade färger, utskrift, 400 "
        "procents förstoring, tangentbord och utan JavaScript, på svenska och engelska.",
        "The pages are built for WCAG 2.2 level AA and EN 301 549. Each new version of "
        "the program that makes them is tested automatically in the browser Chromium "
        "with axe-core and html-validate: light and dark mode, forced colours, print, "
        "400 per cent zoom, keyboard and without JavaScript, in Swedish and English.");
    write_paragraph(p,
                    "Automatiska prov hittar bara en del av alla brister. De ersätter varken en "
                    "granskning av en sakkunnig eller prov med användare, och ingen sådan följer "
                    "med programmet.",
                    "Automatic tests find only some of all shortcomings. They replace neither an "
                    "expert's review nor tests with users, and no such comes with the program.");
    const char *method = site_fact(p->site->facts, FACT_METHOD);
    P(p, "<dl>\n<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Utgivarens metod", "The publisher's method"),
      strcmp(method, "external") == 0
          ? page_in(p, "granskning av en utomstående", "review by somebody external")
      : strcmp(method, "self") == 0 ? page_in(p, "egen bedömning", "self-assessment")
                                    : page_in(p, "inte angiven", "not given"));
    write_date(p, page_in(p, "Senaste bedömning", "Latest assessment"), assessed);
    write_date(p, page_in(p, "Redogörelsen senast uppdaterad", "Statement last updated"),
               updated[0] != '\0' ? updated : assessed);
    html_raw(p->w, "</dl>\n</section>\n");
}

static void write_technical(struct page *p)
{
    P(p, "<section><h2>{}</h2>\n<ul>\n",
      page_in(p, "Så kan sidorna användas", "How the pages can be used"));
    P(p, "<li>{}</li>\n",
      page_in(p, "Bredvid varje diagram står samma värden i en tabell.",
              "Beside each chart the same figures stand in a table."));
    P(p, "<li>{}</li>\n",
      page_in(
          p, "Breda tabeller rullar för sig i smala fönster och nås med tangentbordet.",
          "Wide tables scroll by themselves in narrow windows and can be reached by keyboard."));
    P(p, "<li>{}</li>\n</ul>\n</section>\n",
      page_in(p,
              "Ingen information ges bara med färg: dolda värden är streckade och har tecknet ..",
              "No information is given by colour alone: hidden figures are hatched and have the "
              "sign .."));
}

void page_accessibility(struct page *p)
{
    const char *title = page_in(p, "Tillgänglighetsredogörelse", "Accessibility statement");
    page_begin(p, title, "accessibility.html");
    P(p, "<h1>{}</h1>\n", title);
    write_who(p,
              site_fact(p->site->facts, p->swedish ? FACT_ORGANISATION_SV : FACT_ORGANISATION_EN));
    write_status(p);
    P(p, "<section><h2>{}</h2>\n<p>{}</p>\n<p>{}</p>\n<dl>\n",
      page_in(p, "Rapportera brister, eller be om innehållet på ett annat sätt",
              "Report shortcomings, or ask for the content in another way"),
      page_in(p,
              "Kan du inte använda en del av webbplatsen? Kontakta oss, så kan du få siffrorna på "
              "ett annat sätt. Det gäller också innehåll som lagen undantar.",
              "Can you not use some part of the website? Contact us, and you can have the figures "
              "in another way. That also holds for content that the law excepts."),
      page_in(p,
              "Berätta också om du hittar brister som inte står här, eller anser att vi inte "
              "uppfyller lagens krav.",
              "Tell us too if you find shortcomings that are not named here, or think that we do "
              "not meet the law's demands."));
    page_contact(p);
    html_raw(p->w, "</dl>\n</section>\n");
    P(p,
      page_in(
          p,
          "<section><h2>{}</h2>\n<p>Myndigheten för digital förvaltning (Digg) har tillsyn över "
          "lagen. Är du inte nöjd med hur vi tar hand om dina synpunkter kan du <a href=\"{}\">"
          "anmäla det till Digg</a>.</p>\n</section>\n",
          "<section><h2>{}</h2>\n<p>The Swedish Agency for Digital Government (Digg) supervises "
          "the law. If you are not satisfied with how we deal with your remarks, you can <a "
          "href=\"{}\">report it to Digg</a>.</p>\n</section>\n"),
      page_in(p, "Tillsyn", "Supervision"), "https://www.digg.se/tdosanmalan");
    write_technical(p);
    write_tested(p);
    page_end(p);
}
