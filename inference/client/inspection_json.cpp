// SPDX-License-Identifier: Apache-2.0
#include "inference/client/inspection_json.h"

#include "inference/client/untrusted_text.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>
#include <limits>
#include <optional>

namespace tramontane::inspection {

namespace {

Error unreadable(const std::string &detail)
{
    return {ErrorCode::ModelUnsupported, "The model file could not be described. It may be damaged.", detail};
}

std::optional<Error> reportedError(const QJsonObject &object)
{
    if (!object.contains(QStringLiteral("error")))
        return std::nullopt;
    const QJsonObject error = object.value(QStringLiteral("error")).toObject();
    const auto text = [&error](const char *key) { return error.value(QLatin1String(key)).toString().toStdString(); };
    return madePlain(Error{errorCodeFromName(text("code")), text("message"), text("detail")});
}

/// Takes fields out of an object, and remembers the first that was missing or of another kind.
class Fields {
public:
    explicit Fields(QJsonObject object) : m_object(std::move(object)) {}

    std::string text(const char *key)
    {
        const QJsonValue value = take(key);
        if (!value.isString())
            fault(key);
        return value.toString().toStdString();
    }
    template <class Integer>
    Integer count(const char *key)
    {
        const QJsonValue value = take(key);
        const double number = value.toDouble(-1);
        if (number < 0 || number != std::floor(number)
            || number >= static_cast<double>(std::numeric_limits<Integer>::max())) {
            fault(key);
            return 0;
        }
        return static_cast<Integer>(value.toInteger());
    }
    bool flag(const char *key)
    {
        const QJsonValue value = take(key);
        if (!value.isBool())
            fault(key);
        return value.toBool();
    }
    void fault(const std::string &what)
    {
        if (m_fault.empty())
            m_fault = what;
    }
    /// Empty when all was well and nothing is left over.
    [[nodiscard]] std::string finish()
    {
        if (!m_object.isEmpty())
            fault("an unknown field");
        return m_fault;
    }

private:
    QJsonValue take(const char *key) { return m_object.take(QLatin1String(key)); }

    QJsonObject m_object;
    std::string m_fault;
};

bool isSha256(const std::string &text)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[0-9a-f]{64}\\z"));
    return pattern.match(QString::fromStdString(text)).hasMatch();
}

} // namespace

Result<ModelDescription> readDescription(const QByteArray &json)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parse);
    if (!document.isObject())
        return unreadable("no JSON object: " + parse.errorString().toStdString());
    if (const auto error = reportedError(document.object()))
        return *error;
    Fields fields(document.object());
    ModelDescription model;
    model.name = fields.text("name");
    model.architecture = fields.text("architecture");
    model.quantisation = fields.text("quantisation");
    model.licence = fields.text("licence");
    model.sha256 = fields.text("sha256");
    const std::string kind = fields.text("kind");
    model.kind = kind == "embedding" ? ModelKind::Embedding : ModelKind::Chat;
    model.fileBytes = fields.count<std::int64_t>("fileBytes");
    model.parameters = fields.count<std::int64_t>("parameters");
    model.contextLength = fields.count<int>("contextLength");
    model.layers = fields.count<int>("layers");
    model.embeddingLength = fields.count<int>("embeddingLength");
    model.vocabulary = fields.count<int>("vocabulary");
    model.hasTemplate = fields.flag("hasTemplate");
    if (kind != "chat" && kind != "embedding")
        fields.fault("kind");
    if (!isSha256(model.sha256))
        fields.fault("sha256");
    if (const std::string fault = fields.finish(); !fault.empty())
        return unreadable("field: " + fault);
    return madePlain(std::move(model));
}

Result<std::string> readDevices(const QByteArray &json)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parse);
    if (!document.isObject()) {
        return Error{ErrorCode::EngineUnavailable,
                     "The engine program gave no readable answer. Install Tramontane again.",
                     "no JSON object: " + parse.errorString().toStdString()};
    }
    if (const auto error = reportedError(document.object()))
        return *error;
    return document.toJson(QJsonDocument::Compact).toStdString();
}

} // namespace tramontane::inspection
