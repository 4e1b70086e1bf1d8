// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <QJsonObject>

#include <string>

namespace tramontane::ctl {

/// What a command says: results on standard output, errors on standard error (design.md section 10). With JSON, exactly
/// one document, or one object a line for streams; without, plain text that never contains terminal codes.
class Output {
public:
    explicit Output(bool json) : m_json(json) {}

    [[nodiscard]] bool json() const { return m_json; }
    /// The result of a command in both forms; only the one asked for is written.
    void result(const QJsonObject &document, const std::string &text);
    /// One object of a stream; nothing without JSON.
    void event(const QJsonObject &object);
    /// Text as it is, without a line end added; nothing with JSON.
    void text(const std::string &text);
    /// What is itself the result (an export, a schema), in both modes: byte for byte into a pipe or file; at a terminal
    /// as printable(), because a model may have written it.
    void raw(const std::string &text);
    /// For people at a terminal: standard error, only when it is one and JSON is off.
    void note(const std::string &text);
    void error(const Error &error);

    /// False once standard output could not be written (closed pipe, full disk).
    [[nodiscard]] bool writable() const { return m_writable; }

private:
    void write(const std::string &bytes);

    bool m_json = false;
    bool m_writable = true;
};

/// `text` with every control character but line end and tab shown as U+FFFD: what models and files say must not be able
/// to steer a terminal.
[[nodiscard]] std::string printable(const std::string &text);

} // namespace tramontane::ctl
