"""Words the tests of the log share: keys and signers made for the test."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.core import checkpoint, cosignature, merkle, note, tiles


@dataclass(frozen=True)
class Signer:
    """A key pair under a name; the same name gives the same keys."""

    name: str
    type: int = note.ED25519

    @property
    def secret(self):
        return Ed25519PrivateKey.from_private_bytes(sha256(self.name.encode()).digest())

    @property
    def key(self):
        public = self.secret.public_key().public_bytes_raw()
        return note.ed25519_key(self.name, public, type=self.type)

    @property
    def vkey(self):
        return note.format_vkey(self.key)

    @property
    def verifier(self):
        return cosignature.verifiers([self.key])[0]

    def sign(self, text):
        return note.sign(text, key=self.key, signer=self.secret.sign)

    def cosign(self, text, *, timestamp=1_700_000_000):
        return cosignature.cosign(text, key=self.key, timestamp=timestamp, signer=self.secret.sign)


LOG = Signer("log.example/演示")
WITNESS = Signer("witness.example/w1", note.COSIGNATURE)
OTHER_WITNESS = Signer("witness.example/w2", note.COSIGNATURE)


def nodes_of(entries):
    """Return a reader of the tree over these entries."""
    levels = [[merkle.leaf_hash(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        pairs = zip(levels[-1][::2], levels[-1][1::2], strict=False)
        levels.append([merkle.node_hash(left, right) for left, right in pairs])
    return lambda nodes: [levels[level][n] for level, n in nodes]


def head_of(entries, *, origin=LOG.name):
    root = merkle.root(len(entries), nodes_of(entries))
    return checkpoint.Checkpoint(origin=origin, size=len(entries), root=root)


def signed(head, *witnesses, log=LOG):
    text = checkpoint.format_checkpoint(head)
    signatures = (log.sign(text), *(witness.cosign(text) for witness in witnesses))
    return note.format_note(note.Note(text=text, signatures=signatures))


def file_of(tile, entries, read=None):
    """Return the bytes of a tile or bundle of the log of these entries."""
    if tile.level == tiles.ENTRIES:
        first = tile.number * tiles.WIDTH
        return tiles.format_bundle(entries[first : first + tile.width])
    return b"".join((read or nodes_of(entries))(tile.nodes))


def write_log(folder, entries, *witnesses, log=LOG):
    """Write the log of these entries as files and return the folder."""
    read = nodes_of(entries)
    for tile in tiles.tiles_of(len(entries)):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_of(tile, entries, read))
    folder.mkdir(exist_ok=True)
    head = head_of(entries, origin=log.name)
    (folder / tiles.CHECKPOINT).write_text(signed(head, *witnesses, log=log), encoding="utf-8")
    return folder
