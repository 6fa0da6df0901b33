// The browser knows its time zone; nobody should have to look for it in a list of four hundred.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const hidden of document.querySelectorAll("input[data-guess-zone]")) hidden.value = zone;
for (const form of document.querySelectorAll("form[data-guess-zone]")) {
  const select = form.elements.namedItem("timezone");
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}
