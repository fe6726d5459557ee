#ifndef KIOSK_CXML2_SHIM_H
#define KIOSK_CXML2_SHIM_H

// Debian builds libxml2 with ICU, whose headers clash with those that Foundation brings. Only the layout of an encoding
// handler depends on it, which nobody here looks into.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/// `xmlFree` is a variable that holds a function, which Swift takes for shared mutable state.
static inline void kiosk_xml_free(void *pointer) { xmlFree(pointer); }

#endif
