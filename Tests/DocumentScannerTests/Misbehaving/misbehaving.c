/* A SANE back end that does what a bad one does, at the moment that the test names.
 *
 * $SANE_CONFIG_DIR/misbehave.conf holds one line: MOMENT PAGE WHAT
 *   MOMENT  init devices open options start parameters read cancel close exit
 *   PAGE    how many pages are through before it happens
 *   WHAT    hang, crash, spin (works for ever), eat (takes memory for ever), child (starts a process that outlives
 *           everything, then hangs), or the number of a SANE status
 * When it happens, $SANE_CONFIG_DIR/reached is made. Pages are 64 by 64 grey, ten in the feeder.
 */
#include <sane/sane.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char moment[32] = "", what[32] = "";
static int page = 0, pages = 0, left = 0;

static void read_script(void) {
    char path[1024];
    snprintf(path, sizeof path, "%s/misbehave.conf", getenv("SANE_CONFIG_DIR"));
    FILE *file = fopen(path, "r");
    if (!file) return;
    if (fscanf(file, "%31s %d %31s", moment, &page, what) != 3) moment[0] = 0;
    fclose(file);
}

static SANE_Status at(const char *now) {
    if (strcmp(now, moment) != 0 || pages < page) return SANE_STATUS_GOOD;
    char path[1024];
    snprintf(path, sizeof path, "%s/reached", getenv("SANE_CONFIG_DIR"));
    FILE *file = fopen(path, "w");
    if (file) fclose(file);
    if (!strcmp(what, "crash")) *(volatile int *)8 = 1;
    if (!strcmp(what, "eat")) for (;;) memset(malloc(16 << 20), 1, 16 << 20);
    if (!strcmp(what, "spin")) for (volatile unsigned n = 0;; n++) {}
    if (!strcmp(what, "child") && fork() == 0) { setenv("MISBEHAVING", "child", 1); execlp("sleep", "sleep", "1000", NULL); }
    if (!strcmp(what, "hang") || !strcmp(what, "child")) for (;;) pause();
    return atoi(what);
}

static const SANE_Device device = {"0", "Noname", "misbehaving", "virtual device"};
static const SANE_Device *list[] = {&device, NULL};
static SANE_String_Const sources[] = {"ADF", NULL};
static SANE_Option_Descriptor count = {"", "Number of options", "", SANE_TYPE_INT, SANE_UNIT_NONE, 4, SANE_CAP_SOFT_DETECT, SANE_CONSTRAINT_NONE, {NULL}};
static SANE_Option_Descriptor source = {"source", "Source", "", SANE_TYPE_STRING, SANE_UNIT_NONE, 8, SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT, SANE_CONSTRAINT_STRING_LIST, {.string_list = sources}};

SANE_Status sane_misbehaving_init(SANE_Int *version, SANE_Auth_Callback callback) {
    read_script();
    if (version) *version = SANE_VERSION_CODE(1, 0, 0);
    return at("init");
}
void sane_misbehaving_exit(void) { at("exit"); }
SANE_Status sane_misbehaving_get_devices(const SANE_Device ***found, SANE_Bool local) {
    *found = list;
    return at("devices");
}
SANE_Status sane_misbehaving_open(SANE_String_Const name, SANE_Handle *handle) {
    *handle = &left;
    left = 10;
    return at("open");
}
void sane_misbehaving_close(SANE_Handle handle) { at("close"); }
const SANE_Option_Descriptor *sane_misbehaving_get_option_descriptor(SANE_Handle handle, SANE_Int option) {
    return option == 0 ? &count : option == 1 ? &source : NULL;
}
SANE_Status sane_misbehaving_control_option(SANE_Handle handle, SANE_Int option, SANE_Action action, void *value, SANE_Int *info) {
    SANE_Status status = at("options");
    if (status != SANE_STATUS_GOOD) return status;
    if (option == 0 && action == SANE_ACTION_GET_VALUE) *(SANE_Int *)value = 2;
    if (option == 1 && action == SANE_ACTION_GET_VALUE) strcpy(value, "ADF");
    return SANE_STATUS_GOOD;
}
SANE_Status sane_misbehaving_get_parameters(SANE_Handle handle, SANE_Parameters *parameters) {
    SANE_Parameters page = {SANE_FRAME_GRAY, SANE_TRUE, 64, 64, 64, 8};
    *parameters = page;
    return at("parameters");
}
static int rows = 0;
SANE_Status sane_misbehaving_start(SANE_Handle handle) {
    if (left == 0) return SANE_STATUS_NO_DOCS;
    SANE_Status status = at("start");
    if (status != SANE_STATUS_GOOD) return status;
    left--;
    rows = 0;
    return SANE_STATUS_GOOD;
}
SANE_Status sane_misbehaving_read(SANE_Handle handle, SANE_Byte *data, SANE_Int room, SANE_Int *length) {
    *length = 0;
    if (rows == 64) { pages++; return SANE_STATUS_EOF; }
    if (rows == 32) { SANE_Status status = at("middle"); if (status != SANE_STATUS_GOOD) return status; }
    SANE_Status status = rows == 0 ? at("read") : SANE_STATUS_GOOD;
    if (status != SANE_STATUS_GOOD) return status;
    *length = room < 64 ? room : 64;
    for (int n = 0; n < *length; n++) data[n] = (n * 7 + rows * 13 + pages) & 0xff;
    rows++;
    return SANE_STATUS_GOOD;
}
void sane_misbehaving_cancel(SANE_Handle handle) { at("cancel"); }
SANE_Status sane_misbehaving_set_io_mode(SANE_Handle handle, SANE_Bool mode) { return SANE_STATUS_UNSUPPORTED; }
SANE_Status sane_misbehaving_get_select_fd(SANE_Handle handle, SANE_Int *fd) { return SANE_STATUS_UNSUPPORTED; }
