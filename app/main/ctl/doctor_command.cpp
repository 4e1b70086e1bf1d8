// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/doctor_command.h"

#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "app/platform/files/file_system.h"
#include "storage/sqlite/library_version.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStorageInfo>
#include <QSysInfo>

#include <filesystem>
#include <sodium.h>

namespace tramontane::ctl {
namespace {

constexpr auto kProbeEntry = "doctor/probe"; // never written

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

QJsonObject layerJson(const process::Layer &layer)
{
    return {{"name", text(layer.name)}, {"active", layer.active}, {"detail", text(layer.detail)}};
}

std::string yesNo(const QJsonValue &value)
{
    return value.toBool() ? "yes" : "no";
}

} // namespace

void DoctorCommand::start()
{
    addVersions();
    addDisk();
    addPolicy();
    addHardening();
    askEngine();
}

void DoctorCommand::addVersions()
{
    m_report.insert("versions", QJsonObject{{"tramontane", TRAMONTANE_VERSION},
                                            {"qt", qVersion()},
                                            {"database", text(sqlite::libraryVersion())},
                                            {"libsodium", sodium_version_string()},
                                            {"system", QSysInfo::prettyProductName()},
                                            {"kernel", QSysInfo::kernelVersion()},
                                            {"architecture", QSysInfo::currentCpuArchitecture()}});
}

void DoctorCommand::addDisk()
{
    const QString home = context().parts.vaultHome();
    const std::filesystem::path path(home.toStdU16String());
    const auto network = files::isNetworkFileSystem(path);
    const auto free = files::freeBytes(path);
    const QStorageInfo storage(QString::fromStdString(files::nearestExisting(path).string()));
    if (network && *network)
        m_problems << "The vault directory lies on a network file system.";
    m_report.insert("disk", QJsonObject{{"home", home},
                                        {"file_system", QString::fromUtf8(storage.fileSystemType())},
                                        {"network", network ? QJsonValue(*network) : QJsonValue()},
                                        {"free_bytes", free ? QJsonValue(qint64(*free)) : QJsonValue()},
                                        {"read_only", storage.isReadOnly()}});
}

void DoctorCommand::addPolicy()
{
    const EffectivePolicy &policy = context().parts.policy().current();
    const char *mode = policy.mode == PolicyMode::Invalid   ? "invalid"
                       : policy.mode == PolicyMode::Managed ? "managed"
                                                            : "unmanaged";
    m_report.insert("policy", QJsonObject{{"mode", mode}, {"id", text(policy.id)}, {"sha256", text(policy.sha256)}});
    for (const std::string &problem : policy.problems)
        m_problems << text(problem);
}

void DoctorCommand::addHardening()
{
    QJsonArray layers;
    for (const process::Layer &layer : context().hardening) {
        layers.append(layerJson(layer));
        if (!layer.active)
            m_problems << text("Not active in this program: " + layer.name + ". " + layer.detail);
    }
    m_report.insert("hardening", layers);
}

void DoctorCommand::askEngine()
{
    whenReady(this, context().parts.inspector().devices(), [this](const Result<std::string> &devices) {
        QJsonObject engine{{"program", context().parts.engineProgram()}, {"reachable", devices.ok()}};
        if (devices) {
            const QJsonObject found = QJsonDocument::fromJson(QByteArray::fromStdString(*devices)).object();
            engine.insert("build", found["engineBuild"]);
            engine.insert("cpu_features", found["cpuFeatures"]);
            engine.insert("threads", found["threads"]);
            engine.insert("devices", found["devices"]);
            engine.insert("gpu_reason", found["gpuReason"]);
            engine.insert("driver", found["driver"]);
            engine.insert("sandbox", found["sandbox"]);
            for (const QJsonValue layer : found["sandbox"].toArray()) {
                if (!layer["active"].toBool())
                    m_problems << "The sandbox of models is incomplete: " + layer["name"].toString() + ". "
                                      + layer["detail"].toString();
            }
        } else {
            engine.insert("problem", text(devices.error().message));
            m_problems << text(devices.error().message);
        }
        m_report.insert("engine", engine);
        askKeychain();
    });
}

void DoctorCommand::askKeychain()
{
    whenReady(
        this, context().parts.secrets().read(kProbeEntry), [this](const Result<std::shared_ptr<SecretBytes>> &probe) {
            // That the entry is missing is what a keychain says that works.
            const bool reachable = probe.ok() || probe.error().code == ErrorCode::KeychainEntryMissing;
            m_report.insert("keychain", QJsonObject{{"reachable", reachable},
                                                    {"detail", reachable ? QString() : text(probe.error().message)}});
            report();
        });
}

void DoctorCommand::report()
{
    QJsonArray problems;
    for (const QString &problem : m_problems)
        problems.append(problem);
    m_report.insert("problems", problems);
    output().result(m_report, forPeople());
    finish();
}

std::string DoctorCommand::forPeople() const
{
    const QJsonObject versions = m_report["versions"].toObject();
    const QJsonObject engine = m_report["engine"].toObject();
    const QJsonObject disk = m_report["disk"].toObject();
    const QJsonObject keychain = m_report["keychain"].toObject();
    const auto string = [](const QJsonValue &value) { return value.toString().toStdString(); };
    std::string out =
        properties({{"Tramontane", string(versions["tramontane"])},
                    {"System", string(versions["system"]) + ", " + string(versions["kernel"])},
                    {"Qt", string(versions["qt"])},
                    {"Database", string(versions["database"])},
                    {"libsodium", string(versions["libsodium"])},
                    {"Engine", engine["reachable"].toBool() ? string(engine["build"]) : string(engine["problem"])},
                    {"Vault directory", string(disk["home"])},
                    {"File system", string(disk["file_system"]) + (disk["network"].toBool() ? ", network" : "")},
                    {"Free", fileSize(disk["free_bytes"].toInteger())},
                    {"Keychain", keychain["reachable"].toBool() ? "reachable" : string(keychain["detail"])},
                    {"Policy", string(m_report["policy"]["mode"]) + " " + string(m_report["policy"]["id"])}});
    Table devices({"DEVICE", "KIND", "MEMORY", "FREE"});
    for (const QJsonValue device : engine["devices"].toArray())
        devices.add({string(device["description"]), string(device["kind"]), fileSize(device["memoryBytes"].toInteger()),
                     fileSize(device["freeBytes"].toInteger())});
    out += "\n" + devices.text();
    if (!string(engine["gpu_reason"]).empty())
        out += string(engine["gpu_reason"]) + "\n";
    Table own({"THIS PROGRAM", "ACTIVE", "DETAIL"});
    for (const QJsonValue layer : m_report["hardening"].toArray())
        own.add({string(layer["name"]), yesNo(layer["active"]), string(layer["detail"])});
    out += "\n" + own.text();
    Table layers({"SANDBOX OF MODELS", "ACTIVE", "DETAIL"});
    for (const QJsonValue layer : engine["sandbox"].toArray())
        layers.add({string(layer["name"]), yesNo(layer["active"]), string(layer["detail"])});
    out += "\n" + layers.text() + "\n";
    for (const QString &problem : m_problems)
        out += "Problem: " + problem.toStdString() + "\n";
    return out + (m_problems.isEmpty() ? "No problems found.\n" : "");
}

void addDoctorCommand(CLI::App &app, CommandFactory &chosen)
{
    app.add_subcommand("doctor", "Versions, sandbox, devices, keychain, disk and policy; needs no vault")
        ->callback([&chosen] { chosen = [](Context &context) { return std::make_unique<DoctorCommand>(context); }; });
}

} // namespace tramontane::ctl
