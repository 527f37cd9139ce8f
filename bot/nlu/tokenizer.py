"""Graph component: splits messages into words."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import tokens
from bot.nlu.graph import language_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class WordTokenizer(Tokenizer):
    """spaCy's rules for the language of the message; single characters in Chinese and Japanese."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        tokens.warm(tuple(config["warm"]))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`warm`: languages whose rules are loaded before the first message."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "warm": ["en", "zh", "es", "de"],
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of a message's text, where they are in it."""
        return [
            Token(word.text, word.start)
            for word in tokens.split(message.get(attribute), language_of(message))
        ]
