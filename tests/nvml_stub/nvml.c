/* A stand-in for libnvidia-ml.so.1 with four GPUs: a healthy one, one that lacks some readings, one that is lost,
 * and one that is lost only after it was found.
 * NVML_STUB_INIT: the code that nvmlInit returns (9: the driver is not loaded).
 * NVML_STUB_LOG:  a file that gets one line for each nvmlInit and nvmlShutdown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, NOT_SUPPORTED = 3, NO_PERMISSION = 4, GPU_IS_LOST = 15 };
enum { HEALTHY, PARTIAL, LOST, MUTE, COUNT };

typedef unsigned long long u64;
typedef struct { u64 total, free, used; } memory_v1;
typedef struct { unsigned version; u64 total, reserved, free, used; } memory_v2;
typedef struct { unsigned gpu, memory; } rates;

static const u64 GIB = 1ull << 30;
static int number[COUNT] = {HEALTHY, PARTIAL, LOST, MUTE};

static int which(void *device) { return *(int *)device; }

static void note(const char *what) {
    const char *log = getenv("NVML_STUB_LOG");
    FILE *file = log ? fopen(log, "a") : NULL;
    if (file) { fprintf(file, "%s\n", what); fclose(file); }
}

int nvmlInitWithFlags(unsigned flags) {
    const char *code = getenv("NVML_STUB_INIT");
    (void)flags;
    if (code) return atoi(code);
    note("init");
    return OK;
}

int nvmlShutdown(void) { note("shutdown"); return OK; }
const char *nvmlErrorString(int code) { return code == GPU_IS_LOST ? "GPU is lost" : "stub error"; }
int nvmlSystemGetDriverVersion(char *text, unsigned size) { snprintf(text, size, "580.95.05"); return OK; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = COUNT; return OK; }

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    if (index == LOST) return GPU_IS_LOST;
    *device = &number[index];
    return OK;
}

int nvmlDeviceGetName(void *device, char *text, unsigned size) {
    if (which(device) == MUTE) return GPU_IS_LOST;
    snprintf(text, size, which(device) == HEALTHY ? "Tesla T4" : "NVIDIA A100-SXM4-40GB MIG <1g.5gb>");
    return OK;
}

int nvmlDeviceGetUtilizationRates(void *device, rates *out) {
    if (which(device) == MUTE) return GPU_IS_LOST;
    if (which(device) == PARTIAL) return NOT_SUPPORTED; /* as on a slice of a GPU */
    out->gpu = 37;
    out->memory = 12;
    return OK;
}

int nvmlDeviceGetMemoryInfo(void *device, memory_v1 *out) {
    if (which(device) == MUTE) return GPU_IS_LOST;
    out->total = 40 * GIB;
    out->used = 5 * GIB; /* the driver's reserve is in it */
    out->free = out->total - out->used;
    return OK;
}

int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *out) {
    if (which(device) != HEALTHY) return NOT_SUPPORTED; /* as of an old driver */
    out->total = 16 * GIB;
    out->reserved = GIB / 2;
    out->used = 3 * GIB;
    out->free = out->total - out->reserved - out->used;
    return OK;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) {
    (void)sensor;
    if (which(device) == MUTE) return GPU_IS_LOST;
    *celsius = 50 + (unsigned)which(device);
    return OK;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
    if (which(device) != HEALTHY) return NO_PERMISSION;
    *milliwatts = 61500;
    return OK;
}
