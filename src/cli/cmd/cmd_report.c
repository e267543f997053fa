#include <stddef.h>
#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/report/report_page.h"

struct report_options {
	const char *output;
};

#define AT(member) offsetof(struct report_options, member)

static const struct opt options[] = {
    {.name = "output",
	.letter = 'o',
	.kind = OPT_TEXT,
	.at = AT(output),
	.arg = "FILE",
	.help = "write it there instead; '-' for standard output"},
    {.name = NULL},
};

/* What stands in the page and nowhere else. */
static int
make_nonce(struct str *out, struct err *e)
{
	unsigned char bytes[16];
	if (plat_random(bytes, sizeof(bytes), e) != 0)
		return -1;
	num_hex(out, bytes, sizeof(bytes));
	return 0;
}

static int
save(struct cli_context *c, const struct report *r, const char *file,
    const struct str *page)
{
	struct err e;
	int rc = report_check_place(r, file, &e);
	if (rc == 0)
		rc = report_save(file, REPORT_PAGE_MARK, page, &e);
	if (rc != 0) {
		err_wrap(&e, "report");
		if (e.code == ERR_EXISTS)
			return cli_fail(c, &e,
			    "name another file with --output, or remove that "
			    "one");
		if (e.code == ERR_REFUSED)
			return cli_fail(c, &e,
			    "name a file elsewhere with --output, such as "
			    "~/report.html");
		return cli_fail(c, &e, NULL);
	}
	json_path(&c->json, "file", file, strlen(file));
	json_put_uint(&c->json, "bytes", page->len);
	cli_done(c, "the report is in %s; open it with a browser", file);
	return EXITCODE_OK;
}

static int
deliver(struct cli_context *c, const struct report *r)
{
	const struct report_options *o = c->options;
	struct str page = STR_INIT, nonce = STR_INIT, file = STR_INIT;
	struct err e;
	int code;
	if (o->output != NULL)
		str_add(&file, o->output);
	else
		str_addf(&file, "coldsync-%s.html", r->config->profile);
	if (make_nonce(&nonce, &e) != 0) {
		code = cli_fail(c, &e, NULL);
	} else {
		report_page(&page, r, nonce.p);
		code = EXITCODE_OK;
		if (strcmp(file.p, "-") != 0)
			code = save(c, r, file.p, &page);
		else
			out_add(&c->out, page.p);
	}
	str_free(&file);
	str_free(&nonce);
	str_free(&page);
	return code;
}

static int
run_report(struct cli_context *c)
{
	const struct cli_globals *g = &c->globals;
	struct config config;
	struct report report;
	struct err e;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK) {
		if (report_gather(&report, &config, cli_threads(g), &e) != 0)
			code = cli_fail(c, &e, NULL);
		else
			code = deliver(c, &report);
		report_free(&report);
	}
	config_free(&config);
	return code;
}

const struct command cmd_report = {
    .name = "report",
    .group = COMMAND_DAILY,
    .summary = "write a page about it all, for a browser",
    .args = "",
    .details =
	"Writes one HTML file that needs nothing else, also without a "
	"network: the plan, both versions of what is in conflict side by "
	"side, what is left alone, what each machine published, the runs and "
	"snapshots there were, and where the space goes. Changes neither "
	"folder. An older report of "
	"that name is replaced, any other file is not.\n"
	"\n"
	"  coldsync report\n"
	"  coldsync report -p notes --output ~/notes.html",
    .options = options,
    .options_size = sizeof(struct report_options),
    .run = run_report,
};
