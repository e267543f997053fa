#include "engine/write/totals.h"

void
totals_json(struct json *j, const struct totals *t)
{
	json_put_uint(j, "to_local", t->to_side[SIDE_LOCAL]);
	json_put_uint(j, "to_cloud", t->to_side[SIDE_CLOUD]);
	json_put_uint(j, "delete_local", t->deleted[SIDE_LOCAL]);
	json_put_uint(j, "delete_cloud", t->deleted[SIDE_CLOUD]);
	json_put_uint(j, "merged", t->merged);
	json_put_uint(j, "conflicts", t->conflicts);
	json_put_uint(j, "skipped", t->skipped);
	json_put_uint(j, "failed", t->failed);
	json_put_uint(j, "bytes_to_local", t->bytes[SIDE_LOCAL]);
	json_put_uint(j, "bytes_to_cloud", t->bytes[SIDE_CLOUD]);
}
