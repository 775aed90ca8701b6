/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_dcat.c - the description of the data for data portals: DCAT-AP-SE 3.0 (docs.dataportal.se),
 * as RDF/XML. One dataset for each indicator over time, for its sums of years, and for each
 * release; and the data interface, through which each can be asked for, as a data service.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/data/data_feeds.h"
#include "reports/data/release_day.h"
#include "reports/data/words.h"
#include "reports/html.h"

#define INTERFACE "api/v1/sv/" /* server/front/pxweb.h */
#define DATE "http://www.w3.org/2001/XMLSchema#date"
#define LANGUAGES "http://publications.europa.eu/resource/authority/language/"
#define PUBLIC "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
#define FILE_TYPES "http://publications.europa.eu/resource/authority/file-type/"

struct describing {
    struct ska_writer *w;
    const struct cube *cube;
    const struct about *about;
    const char *base;
};

static const char *publisher_of(const struct describing *d)
{
    return d->about->publisher[0] != '\0' ? d->about->publisher : d->cube->catalogue->title.sv;
}

static void write_agent(const struct describing *d)
{
    HTML(d->w, "<foaf:Agent rdf:about=\"{}#publisher\">\n<foaf:name>{}</foaf:name>\n", d->base,
         publisher_of(d));
    if (d->about->kind[0] != '\0')
        HTML(d->w, "<dcterms:type rdf:resource=\"http://purl.org/adms/publishertype/{}\"/>\n",
             strcmp(d->about->kind, "local") == 0      ? "LocalAuthority"
             : strcmp(d->about->kind, "regional") == 0 ? "RegionalAuthority"
                                                       : "NationalAuthority");
    html_raw(d->w, "</foaf:Agent>\n");
    if (d->about->contact[0] != '\0') {
        bool mail = strncmp(d->about->contact, "mailto:", 7) == 0;
        HTML(d->w, "<vcard:Organization rdf:about=\"{}#contact\">\n<vcard:fn>{}</vcard:fn>\n",
             d->base, publisher_of(d));
        HTML(d->w,
             mail ? "<vcard:hasEmail rdf:resource=\"{}\"/>\n"
                  : "<vcard:hasURL rdf:resource=\"{}\"/>\n",
             d->about->contact);
        html_raw(d->w, "</vcard:Organization>\n");
    }
}

static void write_both(struct ska_writer *w, const char *element, const char *sv, const char *en)
{
    char sv_markup[100], en_markup[100];
    (void)snprintf(sv_markup, sizeof sv_markup, "<%s xml:lang=\"sv\">{}</%s>\n", element, element);
    (void)snprintf(en_markup, sizeof en_markup, "<%s xml:lang=\"en\">{}</%s>\n", element, element);
    HTML(w, sv_markup, sv);
    HTML(w, en_markup, en);
}

/* Each table, by the name that its description has. */
static void write_datasets(const struct describing *d, const char *element,
                           const struct table_of *tables, size_t n)
{
    char markup[80], code[TABLE_CODE_BYTES];
    (void)snprintf(markup, sizeof markup, "<%s rdf:resource=\"{}data/{}/{}\"/>\n", element);
    for (size_t i = 0; i < n; i++) {
        table_code(code, d->cube, &tables[i]);
        HTML(d->w, markup, d->base, table_level_code(tables[i].level), code);
    }
}

/* A form in which a table can be fetched. */
struct form {
    const char *ending, *type, *media, *title;
};

static const struct form forms[] = {
    {".json", "JSON", "application/json", "JSON-stat 2.0"},
    {".px", "PX", "text/plain", "PX"},
    {".csv", "CSV", "text/csv", "CSV"},
    {".sdmx.csv", "CSV", "text/csv", "SDMX-CSV 2.0"},
};

static void write_distribution(const struct describing *d, const char *address,
                               const struct form *form)
{
    HTML(d->w,
         "<dcat:Distribution rdf:about=\"{}{}{}\">\n<dcterms:title>{}</dcterms:title>\n"
         "<dcat:accessURL rdf:resource=\"{}{}{}\"/>\n<dcat:downloadURL rdf:resource=\"{}{}{}\"/>\n",
         d->base, address, form->ending, form->title, d->base, address, form->ending, d->base,
         address, form->ending);
    HTML(d->w, "<dcterms:license rdf:resource=\"{}\"/>\n", d->about->licence);
    HTML(
        d->w,
        "<dcterms:format rdf:resource=\"" FILE_TYPES "{}\"/>\n<dcat:mediaType "
        "rdf:resource=\"http://www.iana.org/assignments/media-types/{}\"/>\n</dcat:Distribution>\n",
        form->type, form->media);
}

static uint32_t months_of(enum ska_cadence cadence)
{
    switch (cadence) {
    case SKA_MONTH:
        return 1;
    case SKA_QUARTER:
        return 3;
    case SKA_FOUR_MONTHS:
        return 4;
    case SKA_HALF_YEAR:
        return 6;
    case SKA_YEAR:
        return 12;
    }
    return 12;
}

static const char *frequency(enum ska_cadence cadence)
{
    switch (cadence) {
    case SKA_MONTH:
        return "MONTHLY";
    case SKA_QUARTER:
        return "QUARTERLY";
    case SKA_FOUR_MONTHS:
        return "ANNUAL_3";
    case SKA_HALF_YEAR:
        return "ANNUAL_2";
    case SKA_YEAR:
        return "ANNUAL";
    }
    return "UNKNOWN";
}

/* From the first day of the first period; of a release to the last day of its own. A series goes
 * on, and has no end. */
static void write_temporal(const struct describing *d, const struct table_of *t)
{
    const struct cube_series *s = &d->cube->series[t->series];
    const bool ends = t->level == TABLE_RELEASES;
    const struct cube_period *p = &s->periods[ends ? t->period : 0];
    uint32_t months = s->is_rollup ? 12 : months_of(s->cadence), last = p->part * months;
    const bool is_leap = p->year % 4 == 0 && (p->year % 100 != 0 || p->year % 400 == 0);
    uint32_t days = last == 2                                           ? 28u + is_leap
                    : last == 4 || last == 6 || last == 9 || last == 11 ? 30u
                                                                        : 31u;
    char first_day[16], last_day[16];
    (void)snprintf(first_day, sizeof first_day, "%04u-%02u-01", p->year % 10000,
                   ((p->part - 1) * months + 1) % 100);
    (void)snprintf(last_day, sizeof last_day, "%04u-%02u-%02u", p->year % 10000, last % 100, days);
    HTML(d->w,
         "<dcterms:temporal><dcterms:PeriodOfTime><dcat:startDate rdf:datatype=\"" DATE
         "\">{}</dcat:startDate>",
         first_day);
    if (ends)
        HTML(d->w, "<dcat:endDate rdf:datatype=\"" DATE "\">{}</dcat:endDate>", last_day);
    html_raw(d->w, "</dcterms:PeriodOfTime></dcterms:temporal>\n");
}

/* Of a release its audited table is the CSV. */
static void address_of(char *out, size_t size, const struct form *form, const struct cube *cube,
                       const struct table_of *t)
{
    char code[TABLE_CODE_BYTES];
    table_code(code, cube, t);
    if (t->level == TABLE_RELEASES && strcmp(form->ending, ".csv") == 0)
        (void)snprintf(out, size, "%s", cube->series[t->series].periods[t->period].release);
    else
        (void)snprintf(out, size, "data/%s/%s", table_level_code(t->level), code);
}

/* A dataset as the data interface answers of it. */
static void write_access(const struct describing *d, const char *level, const char *code)
{
    HTML(d->w, "<dcat:Distribution rdf:about=\"{}" INTERFACE "{}/{}/{}\">\n", d->base,
         d->cube->collection, level, code);
    HTML(d->w,
         "<dcterms:title>PxWeb</dcterms:title>\n<dcat:accessURL rdf:resource=\"{}" INTERFACE
         "{}/{}/{}\"/>\n<dcat:accessService rdf:resource=\"{}#api\"/>\n",
         d->base, d->cube->collection, level, code, d->base);
    HTML(d->w,
         "<dcterms:license rdf:resource=\"{}\"/>\n<dcterms:format rdf:resource=\"" FILE_TYPES
         "JSON\"/>\n</dcat:Distribution>\n",
         d->about->licence);
}

static void write_service(const struct describing *d, const struct table_of *tables, size_t n)
{
    HTML(d->w,
         "<dcat:DataService rdf:about=\"{}#api\">\n<dcterms:title "
         "xml:lang=\"sv\">Datagränssnitt (PxWeb, version 1)</dcterms:title>\n<dcterms:title "
         "xml:lang=\"en\">Data interface (PxWeb, version 1)</dcterms:title>\n",
         d->base);
    HTML(d->w,
         "<dcat:endpointURL rdf:resource=\"{}" INTERFACE "\"/>\n<dcat:endpointDescription "
         "rdf:resource=\"{}data.html\"/>\n<dcterms:publisher rdf:resource=\"{}#publisher\"/>\n",
         d->base, d->base, d->base);
    if (d->about->contact[0] != '\0')
        HTML(d->w, "<dcat:contactPoint rdf:resource=\"{}#contact\"/>\n", d->base);
    HTML(d->w,
         "<dcterms:license rdf:resource=\"{}\"/>\n<dcterms:accessRights rdf:resource=\"" PUBLIC
         "\"/>\n",
         d->about->licence);
    write_datasets(d, "dcat:servesDataset", tables, n);
    html_raw(d->w, "</dcat:DataService>\n");
}

static void write_dataset(const struct describing *d, const struct table_of *t,
                          const struct dataset *data)
{
    char address[200];
    const struct cube_series *s = &d->cube->series[t->series];
    const struct ska_text *about = t->level == TABLE_RELEASES
                                       ? &d->cube->catalogue->description
                                       : &d->cube->catalogue->indicators[t->indicator].description;
    const char *level = table_level_code(t->level);
    char code[TABLE_CODE_BYTES];
    table_code(code, d->cube, t);
    HTML(d->w, "<dcat:Dataset rdf:about=\"{}data/{}/{}\">\n", d->base, level, code);
    HTML(d->w, "<dcterms:identifier>{}/{}/{}</dcterms:identifier>\n", d->cube->collection, level,
         code);
    write_both(d->w, "dcterms:title", data->title.sv, data->title.en);
    if (words_text(about, true)[0] != '\0')
        write_both(d->w, "dcterms:description", words_text(about, true), words_text(about, false));
    else
        write_both(d->w, "dcterms:description", data->title.sv, data->title.en);
    HTML(d->w, "<dcterms:publisher rdf:resource=\"{}#publisher\"/>\n", d->base);
    if (d->about->contact[0] != '\0')
        HTML(d->w, "<dcat:contactPoint rdf:resource=\"{}#contact\"/>\n", d->base);
    if (data->updated[0] != '\0')
        HTML(d->w, "<dcterms:modified rdf:datatype=\"" DATE "\">{}</dcterms:modified>\n",
             data->updated);
    write_temporal(d, t);
    HTML(d->w,
         "<dcterms:accrualPeriodicity "
         "rdf:resource=\"http://publications.europa.eu/resource/authority/frequency/{}\"/>\n",
         t->level == TABLE_YEARS      ? "ANNUAL"
         : t->level == TABLE_RELEASES ? "NEVER"
                                      : frequency(s->cadence));
    html_raw(d->w, "<dcat:theme "
                   "rdf:resource=\"http://publications.europa.eu/resource/authority/data-theme/"
                   "SOCI\"/>\n<dcterms:accessRights rdf:resource=\"" PUBLIC "\"/>\n");
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        address_of(address, sizeof address, &forms[i], d->cube, t);
        HTML(d->w, "<dcat:distribution rdf:resource=\"{}{}{}\"/>\n", d->base, address,
             forms[i].ending);
    }
    HTML(d->w, "<dcat:distribution rdf:resource=\"{}" INTERFACE "{}/{}/{}\"/>\n</dcat:Dataset>\n",
         d->base, d->cube->collection, level, code);
    write_access(d, level, code);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        address_of(address, sizeof address, &forms[i], d->cube, t);
        write_distribution(d, address, &forms[i]);
    }
}

static void write_catalogue(const struct describing *d, const struct table_of *tables, size_t n)
{
    static const char *const languages[] = {"SWE", "ENG"};
    const struct ska_catalogue *c = d->cube->catalogue;
    HTML(d->w, "<dcat:Catalog rdf:about=\"{}data/catalog.rdf\">\n", d->base);
    write_both(d->w, "dcterms:title", c->title.sv, c->title.en);
    write_both(d->w, "dcterms:description",
               words_text(&c->description, true)[0] != '\0' ? c->description.sv : c->title.sv,
               words_text(&c->description, true)[0] != '\0' ? c->description.en : c->title.en);
    HTML(
        d->w,
        "<dcterms:publisher rdf:resource=\"{}#publisher\"/>\n<foaf:homepage rdf:resource=\"{}\"/>\n"
        "<dcterms:license rdf:resource=\"{}\"/>\n",
        d->base, d->base, d->about->licence);
    for (size_t i = 0; i < 2; i++)
        HTML(d->w,
             "<dcterms:language "
             "rdf:resource=\"" LANGUAGES "{}\"/>\n",
             languages[i]);
    HTML(d->w, "<dcat:service rdf:resource=\"{}#api\"/>\n", d->base);
    write_datasets(d, "dcat:dataset", tables, n);
    html_raw(d->w, "</dcat:Catalog>\n");
}

void data_dcat(struct ska_writer *w, const struct cube *cube, const struct table_of *tables,
               size_t n, const struct about *about, const char *base)
{
    const struct describing d = {w, cube, about, base};
    html_raw(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                "xmlns:dcat=\"http://www.w3.org/ns/dcat#\" "
                "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                "xmlns:foaf=\"http://xmlns.com/foaf/0.1/\" "
                "xmlns:vcard=\"http://www.w3.org/2006/vcard/ns#\">\n");
    write_catalogue(&d, tables, n);
    write_agent(&d);
    write_service(&d, tables, n);
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(dataset_clear) struct dataset data = {0};
        enum ska_status status = table_dataset(&data, cube, &tables[i]);
        if (status != SKA_OK) {
            w->status = status;
            return;
        }
        write_dataset(&d, &tables[i], &data);
    }
    html_raw(w, "</rdf:RDF>\n");
}
