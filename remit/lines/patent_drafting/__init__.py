"""Patents: prior art searched, an application drafted and its form checked, for the attorney who files it."""
