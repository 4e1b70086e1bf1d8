// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"

#include <QJsonObject>

namespace tramontane::ctl {

/// What a person who helps somebody needs to know of a machine: versions, sandbox, devices, keychain, disk, policy. Needs
/// no vault and reads none.
class DoctorCommand final : public Command {
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    void addVersions();
    void addDisk();
    void addPolicy();
    void addHardening();
    void askEngine();
    void askKeychain();
    void report();
    [[nodiscard]] std::string forPeople() const;

    QJsonObject m_report;
    QStringList m_problems;
};

} // namespace tramontane::ctl
