/* SPDX-License-Identifier: EUPL-1.2 */
/* change.c - what may be said about the change between two published figures. */
#include "reports/pages/change.h"

bool change_has_value(struct cube_figure f)
{
    return f.status == CUBE_SHOWN || f.status == CUBE_ROUNDED;
}

enum change_kind change_between(struct cube_figure before, struct cube_figure now,
                                uint64_t rounding)
{
    if (!change_has_value(before) || !change_has_value(now))
        return CHANGE_UNKNOWN;
    if (before.value < CHANGE_FEW_BELOW && now.value < CHANGE_FEW_BELOW)
        return CHANGE_FEW;
    if (before.value == now.value)
        return CHANGE_SAME;
    bool more = now.value > before.value;
    uint64_t d = more ? now.value - before.value : before.value - now.value;
    uint64_t slack = rounding > 1 ? 2 * (rounding - 1) : 0;
    d = d > slack ? d - slack : 0;
    __extension__ unsigned __int128 left = (unsigned __int128)d * d * 10000,
                                    right = ((unsigned __int128)before.value + now.value) * 38416;
    if (left <= right)
        return CHANGE_CHANCE;
    return more ? CHANGE_MORE : CHANGE_FEWER;
}

uint32_t change_period_before(const struct cube_series *s, size_t at)
{
    return at > 0 && at < s->n ? (uint32_t)at - 1 : SKA_NONE;
}

uint32_t change_year_before(const struct cube_series *s, size_t at)
{
    for (size_t i = 0; at < s->n && i < at; i++)
        if (s->periods[i].part == s->periods[at].part &&
            s->periods[i].year + 1 == s->periods[at].year)
            return (uint32_t)i;
    return SKA_NONE;
}
