import type { StatementKind } from "../../../../lib/config/risks.ts";

/** Functions (with `()`) and tables that are known for what they do, in lower case. */
export const NAMED: readonly (readonly [RegExp, StatementKind])[] = [
  [
    /^(?:pg_read_(?:binary_)?file|pg_ls_\w+|pg_stat_file|lo_import|load_file|openrowset|utl_file|readfile|read_text|read_blob)\(\)$/i,
    "read-file",
  ],
  [/^(?:lo_export|pg_file_(?:write|rename|unlink)|writefile)\(\)$/i, "write-file"],
  [/^(?:dblink\w*|http(?:_get|_post|_put|_delete|_request)?|utl_http|net_http\w*|opendatasource)\(\)$/i, "network"],
  [/^(?:sys_exec|sys_eval|load_extension|query_to_xml|lua_exec)\(\)$/i, "run-program"],
  [
    /^(?:pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|set_config|pg_promote)\(\)$/i,
    "change-server",
  ],
  [
    /^(?:pg_shadow|pg_authid|pg_user_mappings?|sql_logins|syslogins|mysql\.user|dba_users|user\$|login_hashes)$/i,
    "read-credentials",
  ],
  // A procedure says by its name alone that it destroys. Deleting one thing is what many do; all of them is another matter.
  [/^(?:\w*_)?(?:drop|purge|wipe|truncate|erase|destroy|nuke)(?:_\w*)?\(\)$/i, "drop"],
  [
    /^(?:\w*_)?(?:delete|remove|clear)_(?:\w*_)?(?:all|every|everything|any|database|schema|tables?)(?:_\w*)?\(\)$/i,
    "drop",
  ],
];

/** `DeleteAllOrders` is `Delete_All_Orders` to the expressions above. */
export const wordsOfName = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
