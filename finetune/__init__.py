"""How the model is made: data sets, training, evaluation, export. Its parts arrive with the tuning issue."""
