"""How one turn is answered: understand, gather facts, let the model write, guard every line."""
