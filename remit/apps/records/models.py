"""Tenants, threads, audiences, files, the entries of the record, and what makes an action happen once."""

from django.db import models

from remit.apps.records.keys import Referenced, Row
from remit.apps.records.rows import Rows


class Tenant(Row):
    """An organization as rows know it: a key, and the origin of its log. The organization has this key as its own."""

    rows = Rows("outside", why="a key and nothing else; rows of every class point at it")
    created_at = models.DateTimeField()


class Thread(Referenced):
    """One run from a need to its review; what happens on it carries its key."""

    PREFIX = "TH"
    rows = Rows("thread")
    opened_by = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()


class Audience(Row):
    """A named set of participants who read the same rows and the same log. Without thread: an organization's own, for what stands outside threads."""

    rows = Rows("audience")
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="audiences")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ("own", "brief", "bid", "engagement")])
    opened_by = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    personal = models.BooleanField(default=False, db_default=False)
    """Personal matters: taking part opens nothing by itself; each member reads by a grant of their own. Set by the owner's trigger as the engagement begins."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opened_by"], condition=models.Q(thread=None), name="one_own_log_outside_threads"),
        ]


class Participation(Row):
    """An organization's share in an audience of a thread, in a role, from and until an instant (half-open). Reading rights are derived from it by a trigger."""

    rows = Rows("participation")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="participations")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=[(k, k) for k in ("client", "provider", "broker", "bidder", "auditor")])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "tenant", "role", "since"], name="participation_once")]


class Reader(models.Model):
    """Who may read an audience: derived from participation by the owner's trigger, never written by the program.

    `principal`: an organization, a membership, a deputy or a guest's link.
    """

    rows = Rows("reader")
    id = models.BigAutoField(primary_key=True)
    principal = models.UUIDField()
    audience = models.ForeignKey(Audience, models.DO_NOTHING, related_name="readers")
    participation = models.ForeignKey(Participation, models.DO_NOTHING, related_name="+")
    entity_id = models.UUIDField(null=True)
    """Of what belongs to one entity alone: of which; none: of everything."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["principal", "audience"], name="reader_by_principal")]


class File(Row):
    """Bytes kept outside the database, encrypted under a key of their own that the audience's key wraps; addressed by content within one audience only."""

    rows = Rows("shared", update=False)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    wrapped_key = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "sha256"], name="file_once_in_an_audience")]


class AudienceKey(Row):
    """The key that wraps an audience's file keys, itself wrapped by the installation's. Deleting it destroys the files for good."""

    rows = Rows("shared", update=False, delete=True)
    audience = models.OneToOneField(Audience, models.PROTECT, related_name="+")
    wrapped = models.BinaryField()


class Entry(Row):
    """One decision, as the bytes of its canonical statement; the columns beside them only find it again."""

    rows = Rows("shared", update=False, narrow="reaches_object({table}.audience_id, {table}.object_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=60)
    outcome = models.CharField(max_length=12)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    statement = models.BinaryField()
    leaf_hash = models.BinaryField()
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["audience", "decided_at"], name="entry_by_audience"),
            models.Index(fields=["object_id"], name="entry_by_object"),
        ]


class Queued(models.Model):
    """An entry that the sequencer has not placed yet. The program inserts; the sequencer takes out."""

    rows = Rows("sequencer")
    id = models.BigAutoField(primary_key=True)
    entry = models.UUIDField()
    audience = models.UUIDField()
    leaf_hash = models.BinaryField()


class Leaf(models.Model):
    """The place of an entry in its log (`index` from 0)."""

    rows = Rows("placed")
    pk = models.CompositePrimaryKey("audience_id", "index")
    audience = models.ForeignKey(Audience, models.DO_NOTHING, related_name="leaves")
    index = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="leaf")
    leaf_hash = models.BinaryField()


class Head(models.Model):
    """A log's head after a batch: its size and root, and where the roll-up log holds it. `rollup_index` is the leaf of the roll-up that this head is."""

    rows = Rows("placed")
    pk = models.CompositePrimaryKey("audience_id", "size")
    audience = models.ForeignKey(Audience, models.DO_NOTHING, related_name="heads")
    size = models.BigIntegerField()
    root = models.BinaryField()
    rollup_index = models.BigIntegerField(unique=True)
    note = models.TextField()
    """Its signed checkpoint."""


class Frontier(models.Model):
    """The roots of the full subtrees of a log, left to right: what the sequencer needs in order to append. The roll-up log is the one without audience."""

    rows = Rows("sequencer")
    id = models.BigAutoField(primary_key=True)
    audience = models.UUIDField(null=True, unique=True)
    size = models.BigIntegerField()
    roots = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience"], nulls_distinct=False, name="one_frontier_a_log")]


class Tile(models.Model):
    """A full tile of hashes of a log (C2SP tlog-tiles), stored when it becomes complete. The roll-up's has no audience."""

    rows = Rows("outside", why="hashes; they tell nothing of what the logs hold", grants="select")
    id = models.BigAutoField(primary_key=True)
    audience = models.UUIDField(null=True)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "level", "index"], nulls_distinct=False, name="one_tile_a_place")]


class RollupLeaf(models.Model):
    """A leaf of the roll-up log: the hash of one log's head."""

    rows = Rows("outside", why="hashes of heads; they tell nothing of what the logs hold", grants="select")
    index = models.BigIntegerField(primary_key=True)
    leaf_hash = models.BinaryField()


class Checkpoint(models.Model):
    """A signed head of the roll-up log, one a batch, as the note that was signed."""

    rows = Rows("outside", why="a size, a root and a signature; witnesses are handed it", grants="select")
    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()


class SigningKey(models.Model):
    """A public key under which checkpoints were signed, as a verifier key (name+id+key)."""

    rows = Rows("outside", why="a public key", grants="select")
    vkey = models.CharField(max_length=200, primary_key=True)
    since = models.DateTimeField()


class Opening(Row):
    """The value and salt behind a commitment in an entry. Erasing deletes this row; the entry stays and still verifies."""

    rows = Rows("shared", delete=True, narrow="exists (select 1 from records_entry t where t.id = {table}.entry_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="openings")
    name = models.CharField(max_length=60)
    salt = models.BinaryField()
    value = models.TextField()


class Once(Row):
    """An action that was done under an idempotency key, so that a retry gets the first's result."""

    rows = Rows("once")
    organization = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    actor = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    input_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "actor", "action", "key"], nulls_distinct=False, name="action_once_a_key"),
        ]


class Clock(models.Model):
    """The demo's clock: what it showed when it was set. One row."""

    rows = Rows("outside", why="one instant, the same for everyone in the demo")
    id = models.PositiveSmallIntegerField(primary_key=True)
    shown_at = models.DateTimeField()
    set_at = models.DateTimeField()
