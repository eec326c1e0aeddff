"""The contract that every service line passes; numbered as the contract numbers them."""
