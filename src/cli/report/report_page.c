#include "cli/report/report_page.h"

#include "cli/embedded.h"
#include "cli/out/html.h"

static const char *const sections[][2] = {
    {"summary", "Summary"},
    {"plan", "Plan"},
    {"conflicts", "Conflicts"},
    {"skipped", "Left alone"},
    {"machines", "Machines"},
    {"runs", "Runs"},
    {"snapshots", "Snapshots"},
    {"space", "Space"},
};

/* Nothing is fetched, sent, framed or run but what carries the nonce. */
static void
add_head(struct str *out, const struct report *r, const char *nonce)
{
	str_add(out,
	    REPORT_PAGE_MARK "\n<html lang=\"en\">\n<head>\n"
			     "<meta charset=\"utf-8\">\n");
	str_addf(out,
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'nonce-%s'; "
	    "script-src 'nonce-%s'; base-uri 'none'; form-action 'none'\">\n",
	    nonce, nonce);
	str_add(out,
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n<meta name=\"color-scheme\" "
	    "content=\"light dark\">\n<meta name=\"referrer\" "
	    "content=\"no-referrer\">\n<title>");
	html_textf(out, "%s on %s – coldsync", r->config->profile,
	    r->config->identity.machine_id);
	str_addf(out, "</title>\n<style nonce=\"%s\">\n%s</style>\n</head>\n",
	    nonce, (const char *)embedded_report_css);
}

static void
add_header(struct str *out, const struct report *r)
{
	const struct config *c = r->config;
	str_add(out,
	    "<body>\n<a class=\"skip\" href=\"#summary\">Skip to the "
	    "summary</a>\n<header>\n<div class=\"brand\"><svg "
	    "viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M12 2v20"
	    "M3.3 7l17.4 10M20.7 7L3.3 17M12 6l-2.5-2M12 6l2.5-2M12 18l-2.5 2"
	    "M12 18l2.5 2\"/></svg>coldsync report</div>\n<h1>");
	html_textf(out, "%s", c->profile);
	str_add(out, "</h1>\n<p class=\"where\">on <strong>");
	html_textf(out, "%s", c->identity.machine_id);
	str_add(out, "</strong>");
	if (c->identity.label[0] != '\0')
		html_textf(out, " (%s)", c->identity.label);
	str_add(out, ", as of ");
	html_time(out, r->when, (struct stamp){.sec = INT64_MIN});
	str_add(out, "</p>\n<dl class=\"pair\"><div><dt>local folder</dt><dd>");
	html_textf(out, "%s", c->paths.local_state_dir);
	str_add(out, "</dd></div><div><dt>cloud folder</dt><dd>");
	html_textf(out, "%s", c->paths.cloud_root_dir);
	str_add(out, "</dd></div></dl>\n</header>\n");
}

static void
add_nav(struct str *out)
{
	str_add(out, "<nav aria-label=\"Sections\">\n<ul>");
	for (size_t i = 0; i < COUNT_OF(sections); i++)
		str_addf(out, "<li><a href=\"#%s\">%s</a></li>", sections[i][0],
		    sections[i][1]);
	str_add(out,
	    "</ul>\n<div class=\"tools\" hidden><label "
	    "class=\"find\"><span class=\"unseen\">Show only paths that "
	    "contain</span><input id=\"find\" type=\"search\" "
	    "placeholder=\"find a path  ( / )\" autocomplete=\"off\"></label>"
	    "<button id=\"theme\" type=\"button\">light or dark"
	    "</button></div>\n</nav>\n");
}

void
report_page(struct str *out, const struct report *r, const char *nonce)
{
	add_head(out, r, nonce);
	add_header(out, r);
	add_nav(out);
	str_add(out, "<main>");
	report_page_summary(out, r);
	report_page_plan(out, r);
	report_page_conflicts(out, r);
	report_page_skipped(out, r);
	report_page_machines(out, r);
	report_page_runs(out, r);
	report_page_snapshots(out, r);
	report_page_space(out, r);
	str_add(out,
	    "</main>\n<footer><p>Made by coldsync. This page is one file: it "
	    "loads nothing, sends nothing, and changes "
	    "nothing.</p></footer>\n");
	str_addf(out, "<script nonce=\"%s\">\n%s</script>\n</body>\n</html>\n",
	    nonce, (const char *)embedded_report_js);
}
