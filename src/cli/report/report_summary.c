/* How it stands, in a sentence and a few numbers. */
#include "cli/out/html.h"
#include "cli/out/out_plan.h"
#include "cli/out/plan_view.h"
#include "cli/report/report_page.h"

/* The state as a word for the style, and as a sentence. */
static const char *
judge(struct str *sentence, const struct report *r)
{
	struct plan_view v = {.plan = &r->run.plan};
	char text[ERR_TEXT_SIZE];
	if (r->rc != 0) {
		err_text(&r->why, text, sizeof(text));
		str_addf(sentence, "A sync would refuse: %s", text);
		return "bad";
	}
	if (r->run.plan.unresolved > 0) {
		str_addf(sentence, "%zu conflict%s left to you%s",
		    r->run.plan.unresolved,
		    r->run.plan.unresolved == 1 ? " is" : "s are",
		    r->run.plan.blocked
			? "; until that is settled nothing is done"
			: "");
		return "warn";
	}
	out_plan_sentence(sentence, &v);
	if (r->run.plan.nactions > 0)
		return "busy";
	str_set(sentence, "Both folders agree.");
	return "good";
}

static void
add_tile(struct str *out, const char *what, uint64_t n, uint64_t bytes)
{
	str_addf(out, "<li class=\"%s\"><strong>", n > 0 ? "some" : "none");
	html_count(out, n);
	str_addf(out, "</strong> %s", what);
	if (bytes > 0) {
		str_add(out, " <span class=\"size\">");
		html_size(out, bytes);
		str_add(out, "</span>");
	}
	str_add(out, "</li>\n");
}

static void
add_tiles(struct str *out, const struct report *r)
{
	struct totals t;
	totals_of(&t, &r->run.plan, NULL, false);
	str_add(out, "<ul class=\"tiles\">\n");
	add_tile(out, "in step",
	    plan_view_in_sync(&r->run.plan, &r->run.items, r->run.trees), 0);
	add_tile(
	    out, "to the cloud", t.to_side[SIDE_CLOUD], t.bytes[SIDE_CLOUD]);
	add_tile(out, "to the local folder", t.to_side[SIDE_LOCAL],
	    t.bytes[SIDE_LOCAL]);
	add_tile(out, "to be deleted",
	    t.deleted[SIDE_LOCAL] + t.deleted[SIDE_CLOUD], 0);
	add_tile(out, "in conflict", t.conflicts, 0);
	add_tile(out, "left alone", t.skipped, 0);
	str_add(out, "</ul>\n");
}

static void
add_notes(struct str *out, const struct strlist *notes)
{
	for (size_t i = 0; i < notes->n; i++) {
		str_add(out, "<p class=\"note\">");
		html_textf(out, "%s", notes->v[i]);
		str_add(out, "</p>\n");
	}
}

static void
add_last_run(struct str *out, const struct report *r)
{
	const struct history_run *last = history_last_good(&r->history);
	str_add(out, "<p>");
	if (last == NULL) {
		str_add(out, "No sync has ended well yet.");
	} else {
		str_add(out, "The last sync that ended well: ");
		html_time(out, last->began, r->when);
		str_add(out, ".");
	}
	str_add(out, "</p>\n");
}

void
report_page_summary(struct str *out, const struct report *r)
{
	struct str sentence = STR_INIT;
	const char *state = judge(&sentence, r);
	report_page_section(out, "summary", "Summary", 0, false);
	str_addf(out, "<p class=\"state %s\">", state);
	html_text(out, sentence.p, sentence.len);
	str_add(out, "</p>\n");
	if (r->paused) {
		str_add(out, "<p class=\"note\">The profile is paused");
		html_textf(out, "%s%s", r->paused_since.len > 0 ? ": " : "",
		    r->paused_since.p);
		str_add(out, "</p>\n");
	}
	if (r->run.planned)
		add_tiles(out, r);
	add_last_run(out, r);
	add_notes(out, &r->run.notes);
	add_notes(out, &r->notes);
	str_add(out, "</section>\n");
	str_free(&sentence);
}
