"""The dashboard (spec §10): figures anyone can count again, each with what it is made of."""
