#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/backups_view.h"
#include "engine/past/backups_create.h"

static void
put_troubles(struct cli_context *c, const struct create *made)
{
	json_key(&c->json, "skipped");
	json_array(&c->json);
	for (size_t i = 0; i < made->ntroubles; i++) {
		const struct create_trouble *t = &made->troubles[i];
		json_object(&c->json);
		json_path(&c->json, "path", t->path, t->path_len);
		json_put_string(&c->json, "side", "local");
		json_put_string(&c->json, "reason", t->reason);
		json_put_string(&c->json, "error", t->error);
		json_end(&c->json);
	}
	json_end(&c->json);
}

static void
put_created(struct cli_context *c, const struct create *made, bool done)
{
	json_put_string(&c->json, "snapshot", done ? made->id.p : NULL);
	json_put_uint(&c->json, "files", made->files);
	json_put_uint(&c->json, "bytes", made->bytes);
	json_put_uint(&c->json, "linked", made->linked);
	put_troubles(c, made);
}

static void
tell_troubles(struct cli_context *c, const struct create *made)
{
	for (size_t i = 0; i < made->ntroubles; i++) {
		const struct create_trouble *t = &made->troubles[i];
		bool changed = strcmp(t->reason, "changed_during_sync") == 0;
		if (changed && t->error == NULL)
			cli_warn(c,
			    "'%s' went on changing: it was saved as it was at "
			    "one moment",
			    t->path);
		else
			cli_warn(c, "'%s' was not saved: %s", t->path,
			    t->error != NULL ? t->error : t->reason);
	}
}

static int
tell_created(struct cli_context *c, const struct create *made)
{
	struct str text = STR_INIT;
	num_count(&text, made->files);
	str_addf(&text, " file%s (", made->files == 1 ? "" : "s");
	num_size(&text, made->bytes);
	str_add(&text, ")");
	if (made->linked > 0) {
		str_add(&text, ", ");
		num_count(&text, made->linked);
		str_add(&text, " of them unchanged");
	}
	tell_troubles(c, made);
	cli_done(c, "snapshot %s: %s", made->id.p, text.p);
	str_free(&text);
	if (made->failed == 0)
		return EXITCODE_OK;
	str_clear(&c->message);
	cli_why(c, "not everything could be saved as it is",
	    "stop what writes there, and create another");
	c->result = "partial";
	return EXITCODE_FAILED;
}

int
backups_create(struct cli_context *c, const struct config *config)
{
	struct create made;
	struct err e;
	int rc = create_profile(&made, config, cli_threads(&c->globals), &e);
	put_created(c, &made, rc == 0);
	int code = rc == 0 ? tell_created(c, &made) : cli_fail(c, &e, NULL);
	create_free(&made);
	return code;
}
