#include <cups/cups.h>
// Linux's file in memory; glibc declares it only for GNU sources.
extern int memfd_create(const char *name, unsigned int flags);
