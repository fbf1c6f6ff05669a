"""Prints how large the built artifacts are and fails when Lambda would refuse them.

Usage: python3 infra/report_sizes.py [FOLDER]   (standard library only; FOLDER is .aws-sam/build)
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

LAMBDA_LIMIT = 250 * 1024 * 1024
"""Bytes of a function and all its layers, unzipped: Lambda's quota."""


def unzipped_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def zipped_bytes(folder: Path) -> int:
    """Bytes of the folder as one zip archive, compressed as SAM does."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder))
    return len(archive.getvalue())


def main() -> int:
    """Exit status: 1 when the largest function with all layers is over Lambda's limit."""
    build = Path(sys.argv[1] if len(sys.argv) > 1 else ".aws-sam/build")
    # A folder with a template is a nested stack: nothing that Lambda gets.
    folders = (path for path in build.iterdir() if path.is_dir())
    artifacts = sorted(path for path in folders if not (path / "template.yaml").exists())
    sizes = {artifact.name: unzipped_bytes(artifact) for artifact in artifacts}
    for artifact in artifacts:
        zipped = zipped_bytes(artifact) / 1e6
        print(f"{artifact.name:28} {zipped:7.1f} MB zipped {sizes[artifact.name] / 1e6:7.1f} MB unzipped")  # noqa: T201
    layers = sum(size for name, size in sizes.items() if name.endswith("Layer"))
    together = layers + max((size for name, size in sizes.items() if name.endswith("Function")), default=0)
    share = together / LAMBDA_LIMIT
    total = f"{together / 1e6:31.1f} MB unzipped, {share:.0%} of Lambda's limit"
    print(f"{'a function with both layers':28} {total}")  # noqa: T201
    return 0 if share <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
