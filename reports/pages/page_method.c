/* SPDX-License-Identifier: EUPL-1.2 */
/* page_method.c - how the figures are made, protected and judged; and what the site is. */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/pages/change.h"

static void write_section(struct page *p, const char *id, const char *heading)
{
    P(p, "<section>\n<h2 id=\"{}\">{}</h2>\n", id, heading);
}

static void write_text(struct page *p, const char *sv, const char *en)
{
    P(p, "<p>{}</p>\n", page_in(p, sv, en));
}

static void write_collection(struct page *p)
{
    write_section(p, "insamling",
                  page_in(p, "Så samlas siffrorna in", "How figures are collected"));
    write_text(p,
               "Varje uppgiftslämnare räknar sina egna ärenden med ett program som bara lämnar "
               "ifrån sig antal. Antalen delas i två slumpmässiga delar, en till vardera av två "
               "servrar som drivs av olika parter. Var för sig säger delarna ingenting. Servrarna "
               "lägger ihop delarna från alla, och först summan kan läsas.",
               "Each contributor counts its own cases with a program that hands out nothing but "
               "counts. The counts are split into two random parts, one for each of two servers "
               "run by different parties. Alone, a part says nothing. The servers add up the parts "
               "of everybody, and only the sum can be read.");
    write_text(p,
               "Med antalen följer ett bevis för att de ligger inom tillåtna gränser och stämmer "
               "med varandra, till exempel att delarna av en fördelning summerar till totalen.",
               "With the counts goes a proof that they are within the allowed limits and agree "
               "with each other, for example that the parts of a distribution add up to its "
               "total.");
    html_raw(p->w, "</section>\n");
}

static void small_range(char out[static 64], const struct ska_policy *policy)
{
    uint64_t low = policy->show_zero ? 1 : 0, high = policy->threshold - 1;
    if (low >= high)
        (void)snprintf(out, 64, "%" PRIu64, high);
    else
        (void)snprintf(out, 64, "%" PRIu64 "\xE2\x80\x93%" PRIu64, low, high);
}

static void write_group_rule(struct page *p)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRIu32, p->site->cube->policy.min_contributors);
    P(p,
      page_in(p,
              "<p>Har färre än {} uppgiftslämnare i en grupp svarat döljs gruppens alla värden, "
              "och det som kunde röja dem.</p>\n",
              "<p>If fewer than {} contributors of a group answered, all the group's figures are "
              "hidden, and what could reveal them.</p>\n"),
      number);
}

static void write_protection(struct page *p)
{
    const struct ska_policy *policy = &p->site->cube->policy;
    uint64_t base = page_rounding(p->site->cube);
    char range[64], number[24];
    write_section(p, "skydd", page_in(p, "Så skyddas värden", "How figures are protected"));
    html_raw(p->w, "<dl class=\"signs\">\n");
    P(p, "<dt>..</dt><dd>{}",
      page_in(p, "Skyddat värde. Det är dolt för att ", "Protected figure. It is hidden since "));
    if (policy->threshold > (policy->show_zero ? 1u : 0u)) {
        small_range(range, policy);
        P(p, page_in(p, "det är litet ({}), ", "it is small ({}), "), range);
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, policy->min_contributors);
    P(p,
      page_in(p,
              "för att färre än {} uppgiftslämnare har svarat, för att någon av dem bett att det "
              "publiceras bara tillsammans med andras, för att det var skyddat redan före en "
              "rättelse, eller för att ett annat skyddat värde annars gick att räkna ut. Det ska "
              "inte läsas som noll.</dd>\n",
              "fewer than {} contributors answered, one of them asked that it be published only "
              "together with others', it was protected already before a correction, or another "
              "protected figure could otherwise be worked out. It is not to be read as "
              "zero.</dd>\n"),
      number);
    P(p, "<dt>.</dt><dd>{}</dd>\n",
      page_in(p, "Uppgift saknas: inget har publicerats, eller invånarantalet är inte känt.",
              "No figure: nothing was published, or the number of inhabitants is not known."));
    P(p, "<dt>0</dt><dd>{}</dd>\n</dl>\n", page_in(p, "En verklig nolla.", "A real zero."));
    if (p->site->cube->n_blocks > 1)
        write_group_rule(p);
    write_text(p,
               "I diagram är ett skyddat värde ett streckat fält med ett avbrott i linjen. Vilka "
               "värden som döljs för att skydda andra bestäms av en öppen regel som inte ser de "
               "dolda värdena, så själva mönstret avslöjar inget. Regeln räknar med allt som "
               "publicerats tidigare: grupper, år och tidigare perioder.",
               "In charts a protected figure is a hatched field with a break in the line. Which "
               "figures are hidden to protect others is decided by a public rule that does not see "
               "the hidden figures, so that the pattern itself gives nothing away. The rule takes "
               "into account all that was published before: groups, years and earlier periods.");
    if (base > 1) {
        (void)snprintf(number, sizeof number, "%" PRIu64, base);
        P(p,
          page_in(p,
                  "<p>Antal avrundas till multiplar av {}, slumpvis uppåt eller nedåt så att "
                  "medelvärdet blir rätt, och samma antal alltid på samma sätt. Varje antal och "
                  "varje summa avrundas för sig: delar behöver inte summera till totalen. Tal per "
                  "invånare räknas på avrundade antal. Ett bevis visar att det rätta antalet är "
                  "mindre än {} från det visade. Hur många som svarat avrundas inte.</p>\n",
                  "<p>Counts are rounded to multiples of {}, up or down at random so that the mean "
                  "is right, and the same count always alike. Each count and each total is rounded "
                  "by itself: parts need not add up to the total. Rates are made from rounded "
                  "counts. A proof shows that the true count is less than {} from the one shown. "
                  "How many answered is not rounded.</p>\n"),
          number, number);
    }
    html_raw(p->w, "</section>\n");
}

static void write_change(struct page *p)
{
    char number[16];
    (void)snprintf(number, sizeof number, "%d", CHANGE_FEW_BELOW);
    write_section(p, "forandring", page_in(p, "Så bedöms förändringar", "How changes are judged"));
    P(p,
      page_in(
          p,
          "<p>Är båda värdena under {} sägs ingenting: små tal går upp och ned av en slump. "
          "Annars jämförs skillnaden med den som slumpen brukar ge, 1,96 gånger roten ur summan "
          "av de två antalen. Bara en större skillnad kallas fler eller färre. Ett skyddat "
          "värde jämförs aldrig.</p>\n",
          "<p>If both figures are below {}, nothing is said: small numbers go up and down by "
          "chance. Otherwise the difference is compared with what chance usually gives, 1.96 "
          "times the square root of the sum of the two counts. Only a larger one is called more "
          "or fewer. A protected figure is never compared.</p>\n"),
      number);
    write_text(
        p,
        "Med många indikatorer kommer någon att passera gränsen av en slump. Se därför flera "
        "perioder i rad innan ni drar slutsatser.",
        "With many indicators one will pass the limit by chance. Look at several periods in "
        "a row before you conclude.");
    html_raw(p->w, "</section>\n");
}

static void write_rates(struct page *p)
{
    const struct cube *cube = p->site->cube;
    if (cube->n_populations == 0)
        return;
    write_section(p, "folkmangd", page_in(p, "Per invånare", "Per inhabitant"));
    write_text(p,
               "Antalet delas med folkmängden i gruppen det året, eller den senaste kända "
               "dessförinnan. Skyddade värden förblir skyddade. Källor:",
               "The count is divided by the group's population of that year, or the latest known "
               "before it. Protected figures stay protected. Sources:");
    html_raw(p->w, "<ul>\n");
    for (size_t i = 0; i < cube->n_populations; i++) {
        char day[WORDS_DAY_MAX];
        page_population_day(day, p, &cube->populations[i]);
        P(p, "<li>{}, {}</li>\n", page_label(p, &cube->populations[i].source), day);
    }
    html_raw(p->w, "</ul>\n</section>\n");
}

static void write_caution(struct page *p)
{
    write_section(p, "slutsatser",
                  page_in(p, "Vad man inte kan dra för slutsats", "What cannot be concluded"));
    html_raw(p->w, "<ul>\n");
    P(p, "<li>{}</li>\n",
      page_in(p,
              "Att fler ärenden räknas betyder inte att våldet ökar: fler kan söka hjälp, och fler "
              "kan frågas.",
              "That more cases are counted does not mean that violence increases: more may seek "
              "help, and more may be asked."));
    P(p, "<li>{}</li>\n",
      page_in(p,
              "En person kan finnas i flera uppgiftslämnares siffror. Ärenden är inte personer om "
              "det inte sägs.",
              "A person may be in the figures of several contributors. Cases are not persons "
              "unless it is said."));
    P(p, "<li>{}</li>\n",
      page_in(p, "Ett skyddat värde är varken noll eller stort; gissa inte.",
              "A protected figure is neither zero nor large; do not guess."));
    P(p, "<li>{}</li>\n",
      page_in(p, "När fler eller färre svarar ändras summan av det skälet. Se sidan Kvalitet.",
              "When more or fewer answer, the sum changes for that reason. See the page Quality."));
    html_raw(p->w, "</ul>\n</section>\n");
}

void page_method(struct page *p)
{
    page_begin(p, page_in(p, "Metod", "Method"), "method.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Metod", "Method"),
      page_in(p, "Hur siffrorna blir till, hur de skyddas och hur de ska läsas.",
              "How the figures come about, how they are protected and how to read them."));
    write_collection(p);
    write_protection(p);
    write_change(p);
    write_rates(p);
    write_caution(p);
    page_end(p);
}

void page_about(struct page *p)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    const struct site_facts *facts = p->site->facts;
    const char *who = site_fact(facts, p->swedish ? FACT_ORGANISATION_SV : FACT_ORGANISATION_EN);
    page_begin(p, page_in(p, "Om webbplatsen", "About this site"), "about.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Om webbplatsen", "About this site"),
      page_label(p, &c->description));
    html_raw(p->w, "<dl>\n");
    P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Utgivare", "Publisher"),
      who[0] != '\0' ? who
                     : page_in(p, "Utgivaren har inte angett sitt namn.",
                               "The publisher has not given its name."));
    page_contact(p);
    P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Underlag", "Basis"), page_label(p, &c->source));
    P(p, "<dt>{}</dt><dd>{}, {} {}</dd>\n</dl>\n",
      page_in(p, "Indikatorkatalog", "Catalogue of indicators"), c->id,
      page_in(p, "utgåva", "edition"), c->edition);
    P(p, "<section><h2>{}</h2>\n<p>{}</p>\n</section>\n",
      page_in(p, "Kakor och spårning", "Cookies and tracking"),
      page_in(p,
              "Webbplatsen använder inga kakor, sparar inget i webbläsaren och hämtar inget från "
              "andra webbplatser. Den fungerar utan JavaScript; med JavaScript kan tabeller "
              "kopieras, diagram sparas och indikatorer väljas ut.",
              "The site uses no cookies, keeps nothing in the browser and fetches nothing from "
              "other sites. It works without JavaScript; with JavaScript tables can be "
              "copied, charts saved and indicators chosen."));
    P(p, "<section><h2>{}</h2>\n<p>{}</p>\n</section>\n", page_in(p, "Programmet", "The program"),
      page_in(p,
              "Sidorna är gjorda av skarva-publish, som är fri programvara under EUPL-1.2. Att "
              "siffrorna är rätt prövas av skarva-audit.",
              "The pages are made by skarva-publish, free software under EUPL-1.2. That the "
              "figures are right is checked by skarva-audit."));
    page_end(p);
}
