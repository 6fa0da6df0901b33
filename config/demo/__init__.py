"""The demo community: 金橘 Kumquat, a company that exists nowhere but here."""
