"""Models: which exist, how their files arrive, and the engines that speak with them."""
