"""What somebody does on their way through the portal, counted: how many steps a task takes."""

from dataclasses import dataclass, field


@dataclass
class Steps:
    """Somebody at a page. A click, a field that is filled in and a choice are one step each; no address is typed.

    At the end of the block there were no more than `most`; `taken` says which.
    """

    page: object
    most: int = 12
    taken: list = field(default_factory=list)

    def click(self, locator):
        """Click something."""
        locator.click()
        self.taken.append(f"click {locator}")

    def fill(self, locator, text):
        """Type a text into a field."""
        locator.fill(text)
        self.taken.append(f"type {text!r}")

    def choose(self, locator, option):
        """Choose from a list."""
        locator.select_option(option)
        self.taken.append(f"choose {option!r}")

    def press(self, keys):
        """Press keys, such as Control+k."""
        self.page.keyboard.press(keys)
        self.taken.append(f"press {keys}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            assert len(self.taken) <= self.most, self.taken
