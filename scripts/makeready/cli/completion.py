"""The command ``makeready completion``: the script by which a shell completes command lines."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

_VARIABLE = "_MAKEREADY_COMPLETE"
_PROGRAM = "makeready"
INSTALL = {
    "bash": "echo 'eval \"$(makeready completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(makeready completion zsh)\"' >> ~/.zshrc",
    "fish": "makeready completion fish > ~/.config/fish/completions/makeready.fish",
}
"""What to type once, by shell."""


@click.command()
@click.argument("shell", type=click.Choice(list(INSTALL)))
def completion(shell: str) -> None:
    """Print the script that completes commands in a shell.

    Commands, options, editions, printers, stores and ids of findings are completed. On a terminal
    the line to type is shown after the script.
    """
    kind = get_completion_class(shell)
    assert kind is not None, "click has the three shells"
    root = click.get_current_context().find_root().command
    made = kind(root, {}, _PROGRAM, _VARIABLE)
    # Its own method runs the shell to see whether it is new enough, and may warn of another one.
    click.echo(made.source_template % made.source_vars())
    if sys.stdout.isatty():
        click.echo(f"\nTo have it in every new shell, type once:\n  {INSTALL[shell]}", err=True)
