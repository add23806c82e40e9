/** Words with which a statement begins, and seldom a letter. */
export const TELLING =
  "select with insert replace update delete drop truncate alter create grant revoke copy do exec execute call merge load attach set bulk backup use begin declare explain kill purge unload reassign".split(
    " ",
  );

/** Words of statements of no consequence, which others may follow; most begin letters too. */
export const HARMLESS =
  "abort analyse analyze cache check checkpoint checksum close cluster comment commit deallocate delimiter desc describe detach disable discard enable end fetch flush get go handler help if import install let list listen lock move msck noaudit notify open optimise optimize pragma prepare print put raiserror refresh reindex release rename repair reset resignal return rollback save savepoint security show shutdown signal start stop summarise summarize table throw uncache undrop unlisten unlock vacuum validate values waitfor xa".split(
    " ",
  );
