/* What was: the runs, the snapshots, and the space they take. */
#include <string.h>

#include "base/num.h"
#include "cli/out/backups_view.h"
#include "cli/out/html.h"
#include "cli/report/report_page.h"

enum { RUNS_MAX = 200, SNAPSHOTS_MAX = 500, SPACES_MAX = 12 };

/* ---- the timeline ---- */

enum { LINE_WIDTH = 1000, LINE_MARGIN = 20, LINE_HEIGHT = 96 };

/* Of very many only the newest are shown. */
static size_t
first_snapshot(const struct snaplist *list)
{
	return list->n > SNAPSHOTS_MAX ? list->n - SNAPSHOTS_MAX : 0;
}

/* The stretch of time that is drawn. */
struct stretch {
	int64_t from, to;
};

static double
place(const struct stretch *s, int64_t sec)
{
	double share = s->to > s->from
	    ? (double)(sec - s->from) / (double)(s->to - s->from)
	    : 1;
	return LINE_MARGIN + share * (LINE_WIDTH - 2 * LINE_MARGIN);
}

static const char *
look_of(const struct history_run *run)
{
	if (!run->finished)
		return "lost";
	if (run->result == NULL || strcmp(run->result, "ok") == 0)
		return run->changed ? "well" : "quiet";
	return strcmp(run->result, "conflict") == 0 ||
		strcmp(run->result, "partial") == 0
	    ? "part"
	    : "ill";
}

static void
draw_runs(struct str *out, const struct report *r, const struct stretch *s,
    size_t first)
{
	const struct history *h = &r->history;
	for (size_t i = first; i < h->n; i++) {
		const struct history_run *run = &h->v[i];
		str_addf(out,
		    "<circle class=\"%s\" cx=\"%.1f\" cy=\"30\" "
		    "r=\"%d\"><title>",
		    look_of(run), place(s, run->began.sec),
		    run->changed ? 8 : 5);
		html_textf(out, "%s: %s", run->id,
		    !run->finished            ? "not finished"
			: run->result != NULL ? run->result
					      : "?");
		str_add(out, "</title></circle>\n");
	}
}

static void
draw_snapshots(struct str *out, const struct report *r, const struct stretch *s)
{
	const struct snaplist *list = &r->backups.list;
	for (size_t i = first_snapshot(list); i < list->n; i++) {
		const struct snaplist_item *snap = &list->v[i];
		if (!backups_worth_showing(snap) || snap->time.sec < s->from ||
		    snap->time.sec > s->to)
			continue;
		str_addf(out,
		    "<rect class=\"snapshot\" x=\"%.1f\" y=\"58\" "
		    "width=\"12\" height=\"12\" rx=\"2\"><title>",
		    place(s, snap->time.sec) - 6);
		html_textf(out, "snapshot %s, ", snap->id);
		html_size(out, snap->bytes);
		str_add(out, "</title></rect>\n");
	}
}

static void
add_timeline(struct str *out, const struct report *r, size_t first)
{
	const struct history *h = &r->history;
	struct stretch s = {.from = h->v[first].began.sec, .to = r->when.sec};
	str_addf(out,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Timeline\"><svg class=\"timeline\" viewBox=\"0 0 %d "
	    "%d\" role=\"img\" aria-label=\"Runs above, snapshots below, from "
	    "the oldest to now; the table has the same\">\n<line x1=\"%d\" "
	    "y1=\"46\" x2=\"%d\" y2=\"46\"/>\n",
	    LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN, LINE_WIDTH - LINE_MARGIN);
	draw_runs(out, r, &s, first);
	draw_snapshots(out, r, &s);
	struct stamp_parts p = stamp_parts(s.from, 0);
	str_addf(out,
	    "<text x=\"%d\" y=\"90\">%04d-%02d-%02d</text><text "
	    "class=\"end\" x=\"%d\" y=\"90\">now</text></svg></div>\n",
	    LINE_MARGIN, (int)p.year, p.month, p.day, LINE_WIDTH - LINE_MARGIN);
}

/* ---- runs ---- */

static void
add_amount(struct str *out, size_t n, const char *what, size_t *parts)
{
	if (n == 0)
		return;
	str_add(out, (*parts)++ > 0 ? ", " : "");
	html_count(out, n);
	str_addf(out, " %s", what);
}

static void
add_what(struct str *out, const struct history_run *run)
{
	const struct totals *t = &run->totals;
	size_t parts = 0;
	add_amount(out, t->to_side[SIDE_CLOUD], "to the cloud", &parts);
	add_amount(out, t->to_side[SIDE_LOCAL], "to local", &parts);
	add_amount(out, t->deleted[SIDE_CLOUD], "deleted in the cloud", &parts);
	add_amount(out, t->deleted[SIDE_LOCAL], "deleted here", &parts);
	add_amount(out, t->merged, "merged", &parts);
	add_amount(out, t->conflicts, "in conflict", &parts);
	add_amount(out, t->failed, "failed", &parts);
	if (run->message != NULL) {
		str_add(out, parts++ > 0 ? "; " : "");
		html_textf(out, "%s", run->message);
	}
	if (parts == 0)
		str_add(out, "nothing to do");
}

static void
add_run(struct str *out, const struct report *r, const struct history_run *run)
{
	str_add(out, "<tr><td>");
	html_time(out, run->began, r->when);
	str_add(out, "</td><td>");
	html_textf(out, "%s", run->command != NULL ? run->command : "?");
	str_addf(out, "</td><td><span class=\"tag %s\">", look_of(run));
	html_textf(out, "%s",
	    !run->finished            ? "not finished"
		: run->result != NULL ? run->result
				      : "?");
	str_add(out, "</span></td><td>");
	add_what(out, run);
	str_add(out, "</td></tr>\n");
}

void
report_page_runs(struct str *out, const struct report *r)
{
	const struct history *h = &r->history;
	size_t first = h->n > RUNS_MAX ? h->n - RUNS_MAX : 0;
	report_page_section(out, "runs", "Runs", h->n, true);
	if (h->n == 0) {
		str_add(out,
		    "<p class=\"nothing\">There was no run "
		    "yet.</p>\n</section>\n");
		return;
	}
	add_timeline(out, r, first);
	str_add(out,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Runs\"><table>\n<thead><tr><th "
	    "scope=\"col\">when</th><th scope=\"col\">command</th><th "
	    "scope=\"col\">result</th><th "
	    "scope=\"col\">what</th></tr></thead>\n<tbody>\n");
	for (size_t i = h->n; i > first; i--)
		add_run(out, r, &h->v[i - 1]);
	str_add(out, "</tbody></table></div>\n");
	report_page_more(out, first);
	str_add(out, "</section>\n");
}

/* ---- snapshots ---- */

static void
add_snapshot(
    struct str *out, const struct report *r, const struct snaplist_item *snap)
{
	const struct snap_about *about = &snap->head.about;
	struct str label = STR_INIT;
	str_add(out, "<tr><td>");
	html_time(out, snap->time, r->when);
	str_add(out, "</td><td class=\"path\">");
	html_textf(out, "%s", snap->id);
	str_add(out, "</td><td>");
	html_textf(
	    out, "%s", snap->readable ? about->reason : backups_state(snap));
	str_add(out, "</td><td class=\"number\">");
	if (snap->readable)
		html_count(
		    out, about->files[SIDE_LOCAL] + about->files[SIDE_CLOUD]);
	str_add(out, "</td><td class=\"number\">");
	html_size(out, snap->bytes);
	str_add(out, "</td><td>");
	num_size(&label, snap->bytes);
	html_bar(out, snap->bytes, r->snapshots_bytes, label.p);
	str_add(out, "</td></tr>\n");
	str_free(&label);
}

void
report_page_snapshots(struct str *out, const struct report *r)
{
	const struct snaplist *list = &r->backups.list;
	size_t first = first_snapshot(list);
	report_page_section(out, "snapshots", "Snapshots", list->n, true);
	if (list->n == 0) {
		str_add(out,
		    "<p class=\"nothing\">There is no snapshot "
		    "yet.</p>\n</section>\n");
		return;
	}
	str_add(out,
	    "<p>What a run replaced or deleted, as it was before.</p>\n<div "
	    "class=\"wide\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Snapshots\"><table>\n<thead><tr><th "
	    "scope=\"col\">when</th><th scope=\"col\">id</th><th "
	    "scope=\"col\">why</th><th scope=\"col\" "
	    "class=\"number\">files</th><th scope=\"col\" "
	    "class=\"number\">size</th><th scope=\"col\">share of them "
	    "all</th></tr></thead>\n<tbody>\n");
	for (size_t i = list->n; i > first; i--)
		if (backups_worth_showing(&list->v[i - 1]))
			add_snapshot(out, r, &list->v[i - 1]);
	str_add(out, "</tbody></table></div>\n");
	report_page_more(out, first);
	str_add(out, "</section>\n");
}

/* ---- space ---- */

static void
add_space(struct str *out, const char *name, size_t len, uint64_t bytes,
    uint64_t whole)
{
	struct str label = STR_INIT;
	num_size(&label, bytes);
	str_add(out, "<tr><th scope=\"row\" class=\"path\">");
	html_text(out, name, len);
	str_addf(out, "</th><td class=\"number\">%s</td><td>", label.p);
	html_bar(out, bytes, whole, label.p);
	str_add(out, "</td></tr>\n");
	str_free(&label);
}

static void
add_spaces(
    struct str *out, const char *title, const struct report_spaces *spaces)
{
	struct str name = STR_INIT;
	uint64_t rest = spaces->bytes;
	size_t n = spaces->n < SPACES_MAX ? spaces->n : SPACES_MAX;
	str_addf(out, "<div><h3>%s <span class=\"size\">", title);
	html_size(out, spaces->bytes);
	str_add(out, " in ");
	html_count(out, spaces->files);
	str_add(out, " files</span></h3>\n<table class=\"space\"><tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const struct report_space *s = &spaces->v[i];
		str_clear(&name);
		str_addn(&name, s->name, s->name_len);
		str_add(&name, s->dir ? "/" : "");
		add_space(out, name.p, name.len, s->bytes, spaces->bytes);
		rest -= s->bytes;
	}
	if (n < spaces->n)
		add_space(out, "(the rest)", 10, rest, spaces->bytes);
	str_add(out, "</tbody></table></div>\n");
	str_free(&name);
}

void
report_page_space(struct str *out, const struct report *r)
{
	uint64_t most = r->sides[SIDE_LOCAL].bytes;
	uint64_t kept[] = {
	    r->sides[SIDE_CLOUD].bytes, r->snapshots_bytes, r->logs_bytes};
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		most = kept[i] > most ? kept[i] : most;
	report_page_section(out, "space", "Space", 0, false);
	str_add(out, "<table class=\"space\"><tbody>\n");
	add_space(out, "local folder", 12, r->sides[SIDE_LOCAL].bytes, most);
	add_space(out, "cloud folder", 12, kept[0], most);
	add_space(out, "snapshots", 9, kept[1], most);
	add_space(out, "logs", 4, kept[2], most);
	str_add(out, "</tbody></table>\n<div class=\"columns\">\n");
	add_spaces(out, "Local", &r->sides[SIDE_LOCAL]);
	add_spaces(out, "Cloud", &r->sides[SIDE_CLOUD]);
	str_add(out, "</div>\n</section>\n");
}
