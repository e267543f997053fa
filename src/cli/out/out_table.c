#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/out/out_text.h"

/* A column that gives way keeps at least so many columns. */
enum { GAP = 2, FIT_LEAST = 8 };

void
out_table_init(
    struct out_table *t, const struct out_column *columns, size_t ncolumns)
{
	*t = (struct out_table){columns, ncolumns, STRLIST_INIT};
}

void
out_table_cell(struct out_table *t, const char *text)
{
	strlist_add(&t->cells, text);
}

static size_t
shown_width(const char *text)
{
	struct str shown = STR_INIT;
	text_show(&shown, text, strlen(text));
	size_t width = text_width(shown.p, shown.len);
	str_free(&shown);
	return width;
}

static bool
has_titles(const struct out_table *t)
{
	return t->columns[0].title != NULL;
}

/* What every column would like to have. */
static void
measure(size_t *widths, const struct out_table *t)
{
	assert(t->ncolumns > 0);
	for (size_t c = 0; c < t->ncolumns; c++)
		widths[c] =
		    has_titles(t) ? shown_width(t->columns[c].title) : 0;
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t width = shown_width(t->cells.v[i]);
		size_t c = i % t->ncolumns;
		if (width > widths[c])
			widths[c] = width;
	}
}

/* Take what is too much from the columns that give way, left to right. */
static void
squeeze(size_t *widths, const struct out_table *t, size_t available)
{
	size_t total = GAP * (t->ncolumns - 1);
	for (size_t c = 0; c < t->ncolumns; c++)
		total += widths[c];
	for (size_t c = 0; c < t->ncolumns && total > available; c++) {
		if (!t->columns[c].fits || widths[c] <= FIT_LEAST)
			continue;
		size_t over = total - available;
		size_t spare = widths[c] - FIT_LEAST;
		size_t taken = over < spare ? over : spare;
		widths[c] -= taken;
		total -= taken;
	}
}

static void
pad(struct str *out, size_t n)
{
	while (n-- > 0)
		str_addc(out, ' ');
}

/* One row; blanks are put before a cell, so that no line ends in any. */
static void
add_row(struct str *out, const struct out_table *t, const size_t *widths,
    char *const *row)
{
	size_t owed = 0;
	for (size_t c = 0; c < t->ncolumns; c++) {
		struct str cell = STR_INIT;
		text_fit(&cell, row[c], strlen(row[c]), widths[c]);
		size_t used = text_width(cell.p, cell.len);
		size_t rest = widths[c] > used ? widths[c] - used : 0;
		if (t->columns[c].right)
			owed += rest;
		if (cell.len > 0) {
			pad(out, owed);
			str_addn(out, cell.p, cell.len);
			owed = 0;
		}
		owed += (t->columns[c].right ? 0 : rest) + GAP;
		str_free(&cell);
	}
	str_addc(out, '\n');
}

static void
print_titles(struct out *o, const struct out_table *t, const size_t *widths)
{
	struct strlist titles = STRLIST_INIT;
	struct str line = STR_INIT;
	for (size_t c = 0; c < t->ncolumns; c++)
		strlist_add(&titles, t->columns[c].title);
	add_row(&line, t, widths, titles.v);
	str_cut(&line, line.len - 1);
	out_style(o, OUT_STRONG, "%s", line.p);
	out_add(o, "\n");
	str_free(&line);
	strlist_free(&titles);
}

void
out_table_print(struct out *o, struct out_table *t)
{
	size_t *widths = mem_zero(t->ncolumns, sizeof(*widths));
	measure(widths, t);
	if (o->width > 0)
		squeeze(widths, t, o->width);
	if (has_titles(t))
		print_titles(o, t, widths);
	struct str line = STR_INIT;
	for (size_t i = 0; i + t->ncolumns <= t->cells.n; i += t->ncolumns) {
		str_clear(&line);
		add_row(&line, t, widths, t->cells.v + i);
		out_add(o, line.p);
	}
	str_free(&line);
	free(widths);
	strlist_free(&t->cells);
}
