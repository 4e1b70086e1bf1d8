// SPDX-License-Identifier: Apache-2.0
// Plays NVIDIA's management library: two GPUs, or what FAKE_NVML says. Read anew at each call, so that tests can change it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef void *Device;
typedef struct {
    unsigned long long total, free, used;
} Memory;

static int word(const char *name)
{
    const char *how = getenv("FAKE_NVML");
    return how != NULL && strcmp(how, name) == 0;
}

static unsigned long long energy = 1000;

EXPORT int nvmlInit_v2(void)
{
    return word("not-loaded") ? 9 : word("mismatch") ? 18 : word("forbidden") ? 4 : word("odd") ? 999 : 0;
}
EXPORT int nvmlShutdown(void)
{
    return 0;
}

EXPORT int nvmlSystemGetDriverVersion(char *text, unsigned length)
{
    snprintf(text, length, "580.65.06");
    return 0;
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count)
{
    *count = word("none") ? 0 : word("many") ? 4000000000u : 2;
    return 0;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, Device *device)
{
    *device = (Device)(size_t)(index + 1);
    return word("lost") && index == 1 ? 15 : 0;
}

EXPORT int nvmlDeviceGetName(Device device, char *text, unsigned length)
{
    if (word("no-end")) {
        memset(text, 'x', length);
        return 0;
    }
    snprintf(text, length, word("terminal") ? "GPU \x1b[31m%d" : "NVIDIA RTX PRO 6000 Blackwell %d",
             (int)(size_t)device);
    return 0;
}

EXPORT int nvmlDeviceGetMemoryInfo(Device device, Memory *memory)
{
    (void)device;
    memory->total = 100ULL << 30;
    memory->free = 90ULL << 30;
    memory->used = 10ULL << 30;
    return 0;
}

EXPORT int nvmlDeviceGetCudaComputeCapability(Device device, int *major, int *minor)
{
    (void)device;
    *major = 12;
    *minor = 0;
    return 0;
}

EXPORT int nvmlDeviceGetTemperature(Device device, int sensor, unsigned *degrees)
{
    (void)device;
    *degrees = 51;
    return sensor == 0 ? 0 : 2;
}

EXPORT int nvmlDeviceGetPowerUsage(Device device, unsigned *milliwatt)
{
    (void)device;
    *milliwatt = 123456;
    return word("no-power") ? 3 : 0;
}

EXPORT int nvmlDeviceGetTotalEnergyConsumption(Device device, unsigned long long *millijoule)
{
    (void)device;
    *millijoule = energy += 500;
    return word("no-energy") ? 3 : 0;
}
