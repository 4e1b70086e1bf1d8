// SPDX-License-Identifier: Apache-2.0
#include "inference/client/inspection_json.h"

#include "inference/client/untrusted_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>
#include <limits>
#include <optional>

namespace tramontane::inspection {

namespace {

constexpr qsizetype kMostDevices = 64;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 50;

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

/// What the program said: its object; the error that it reported; or, when it is no object, `none` with the place.
Result<QJsonObject> readObject(const QByteArray &json, Error none)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parse);
    if (!document.isObject()) {
        none.detail = "no JSON object: " + parse.errorString().toStdString();
        return none;
    }
    if (const auto error = reportedError(document.object()))
        return *error;
    return document.object();
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
    QJsonArray array(const char *key)
    {
        const QJsonValue value = take(key);
        if (!value.isArray())
            fault(key);
        return value.toArray();
    }
    QJsonObject object(const char *key)
    {
        const QJsonValue value = take(key);
        if (!value.isObject())
            fault(key);
        return value.toObject();
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

/// The last statement of a reader: what was wrong in an object within is wrong in the whole.
template <class T>
T finished(Fields &fields, Fields &whole, T value)
{
    if (const std::string fault = fields.finish(); !fault.empty())
        whole.fault(fault);
    return value;
}

ModelFacts readFacts(Fields &whole)
{
    Fields fields(whole.object("facts"));
    ModelFacts facts;
    facts.baseName = fields.text("baseName");
    facts.weightType = fields.text("weightType");
    facts.tokenizer = fields.text("tokenizer");
    facts.tokenizerVariant = fields.text("tokenizerVariant");
    facts.templateSha256 = fields.text("templateSha256");
    facts.pooling = fields.text("pooling");
    facts.memory = fields.text("memory");
    facts.memoryCanBeCut = fields.flag("memoryCanBeCut");
    facts.slidingWindow = fields.count<int>("slidingWindow");
    facts.heads = fields.count<int>("heads");
    facts.kvHeads = fields.count<int>("kvHeads");
    facts.experts = fields.count<int>("experts");
    facts.expertsUsed = fields.count<int>("expertsUsed");
    facts.tensors = fields.count<int>("tensors");
    facts.files = fields.count<int>("files");
    facts.projector = fields.text("projector");
    facts.ggufVersion = fields.count<int>("ggufVersion");
    facts.adapterRank = fields.count<int>("adapterRank");
    if (!facts.templateSha256.empty() && !isSha256(facts.templateSha256))
        fields.fault("templateSha256");
    return finished(fields, whole, std::move(facts));
}

PlannedDevice readPlannedDevice(const QJsonObject &object, Fields &whole)
{
    Fields fields(object);
    PlannedDevice device;
    device.name = plainLine(fields.text("name"));
    const std::string kind = fields.text("kind");
    device.gpu = kind == "gpu";
    if (kind != "gpu" && kind != "cpu")
        fields.fault("kind");
    device.totalBytes = fields.count<std::int64_t>("totalBytes");
    device.freeBytes = fields.count<std::int64_t>("freeBytes");
    device.weightBytes = fields.count<std::int64_t>("weightBytes");
    device.kvBytes = fields.count<std::int64_t>("kvBytes");
    device.computeBytes = fields.count<std::int64_t>("computeBytes");
    device.programBytes = fields.count<std::int64_t>("programBytes");
    // Beyond any machine: the sums below must not overflow.
    for (const std::int64_t part : {device.weightBytes, device.kvBytes, device.computeBytes, device.programBytes}) {
        if (part > kMostBytes)
            fields.fault("bytes");
    }
    if (fields.count<std::int64_t>("neededBytes") != device.neededBytes())
        fields.fault("neededBytes");
    return finished(fields, whole, std::move(device));
}

} // namespace

Result<ModelDescription> readDescription(const QByteArray &json)
{
    const auto object = readObject(json, unreadable({}));
    if (!object)
        return object.error();
    Fields fields(*object);
    ModelDescription model;
    model.name = fields.text("name");
    model.architecture = fields.text("architecture");
    model.quantisation = fields.text("quantisation");
    model.licence = fields.text("licence");
    model.sha256 = fields.text("sha256");
    const auto kind = modelKindFromName(fields.text("kind"));
    model.kind = kind.value_or(ModelKind::Chat);
    model.fileBytes = fields.count<std::int64_t>("fileBytes");
    model.parameters = fields.count<std::int64_t>("parameters");
    model.contextLength = fields.count<int>("contextLength");
    model.layers = fields.count<int>("layers");
    model.embeddingLength = fields.count<int>("embeddingLength");
    model.vocabulary = fields.count<int>("vocabulary");
    model.hasTemplate = fields.flag("hasTemplate");
    model.facts = readFacts(fields);
    if (!kind || (*kind == ModelKind::Projector) == model.facts->projector.empty())
        fields.fault("kind");
    if (!isSha256(model.sha256))
        fields.fault("sha256");
    if (const std::string fault = fields.finish(); !fault.empty())
        return unreadable("field: " + fault);
    return madePlain(std::move(model));
}

Result<MemoryPlan> readPlan(const QByteArray &json)
{
    const auto object = readObject(json, unreadable({}));
    if (!object)
        return object.error();
    Fields fields(*object);
    MemoryPlan plan;
    plan.contextTokens = fields.count<int>("contextTokens");
    plan.parallel = fields.count<int>("parallel");
    plan.kvType = plainLine(fields.text("kvType"));
    plan.layers = fields.count<int>("layers");
    plan.layersTotal = fields.count<int>("layersTotal");
    plan.trainedContext = fields.count<int>("trainedContext");
    plan.recommendedContext = fields.count<int>("recommendedContext");
    plan.recommendedLayers = fields.count<int>("recommendedLayers");
    const auto needed = fields.count<std::int64_t>("neededBytes");
    const QJsonArray devices = fields.array("devices");
    if (devices.isEmpty() || devices.size() > kMostDevices)
        fields.fault("devices");
    for (qsizetype i = 0; i < std::min(devices.size(), kMostDevices); ++i)
        plan.devices.push_back(readPlannedDevice(devices[i].toObject(), fields));
    if (plan.neededBytes() != needed)
        fields.fault("neededBytes");
    if (const std::string fault = fields.finish(); !fault.empty())
        return unreadable("field: " + fault);
    return plan;
}

Result<std::string> readDevices(const QByteArray &json)
{
    const auto object = readObject(
        json,
        {ErrorCode::EngineUnavailable, "The engine program gave no readable answer. Install Tramontane again.", {}});
    if (!object)
        return object.error();
    return QJsonDocument(*object).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace tramontane::inspection
