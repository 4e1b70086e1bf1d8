// SPDX-License-Identifier: Apache-2.0
#include "ui/models/model_picker.h"

#include "ui/models/model_picker_model.h"
#include "ui/models/popup_panel.h"
#include "ui/style/icons.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <cmath>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;
constexpr int kDot = 8;
constexpr int kMostNameWidth = 220;

QColor stateColour(const Tokens &tokens, const ModelStatus *status)
{
    if (!status)
        return tokens.warn.text;
    if (isRefused(*status))
        return tokens.warn.text;
    switch (status->state) {
    case ModelLoadState::Ready: return tokens.ok.text;
    case ModelLoadState::Loading: return tokens.acc;
    case ModelLoadState::Failed: return tokens.bad.text;
    case ModelLoadState::Unloaded: break;
    }
    return tokens.ctl;
}

} // namespace

ModelPicker::ModelPicker(ModelPickerModel &model, QWidget *parent) : QAbstractButton(parent), m_model(model)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(&model, &ModelPickerModel::currentChanged, this, &ModelPicker::refresh);
    connect(this, &QAbstractButton::clicked, this, &ModelPicker::openList);
    refresh();
}

ModelPicker::~ModelPicker()
{
    // A layer of the window, which may live longer than this.
    delete m_popup;
}

ModelPicker::Texts ModelPicker::texts() const
{
    if (m_model.importing())
        return {tr("Reading the model file"), {}, tr("Reading the model file")};
    const ModelStatus *status = m_model.currentStatus();
    if (!status)
        return {tr("No model"), tr("choose one"), tr("No model")};
    const QString name = modelName(status->model.description);
    const QString state = modelStateText(*status);
    if (status->state != ModelLoadState::Ready || !status->loaded)
        return {name, state, state};
    const QString quantisation = QString::fromStdString(status->model.description.quantisation);
    return {name, tr("%1 · %2", "quantisation, device").arg(quantisation, shortDevice(*status->loaded)), state};
}

void ModelPicker::refresh()
{
    const Texts shown = texts();
    setAccessibleName(tr("Model: %1, %2").arg(shown.name, shown.state));
    const ModelStatus *status = m_model.currentStatus();
    QString tip = tr("Choose the model (Ctrl+M)");
    if (status && status->loaded && !status->loaded->deviceReason.empty())
        tip = QString::fromStdString(status->loaded->device + ". " + status->loaded->deviceReason);
    else if (status && status->error)
        tip = QString::fromStdString(status->error->message);
    setToolTip(tip);
    updateGeometry();
    update();
}

void ModelPicker::setCompact(bool compact)
{
    if (compact == m_compact)
        return;
    m_compact = compact;
    refresh();
}

QSize ModelPicker::sizeHint() const
{
    const Theme &theme = Theme::of(this);
    const Texts shown = texts();
    const QFontMetricsF name(theme.font(TypeRole::UiStrong), this), detail(theme.font(TypeRole::Ui), this);
    qreal width = 2.0 * kRing + 2.0 * spacing::k12 + kDot + spacing::k8 + size::kIcon + spacing::k8;
    width += std::min<qreal>(name.horizontalAdvance(shown.name) + 1, kMostNameWidth);
    if (!m_compact && !shown.detail.isEmpty())
        width += spacing::k8 + detail.horizontalAdvance(shown.detail) + 1;
    return {int(std::ceil(width)), size::kButton + 2 * kRing};
}

QSize ModelPicker::minimumSizeHint() const
{
    return {size::kTarget * 4, sizeHint().height()};
}

void ModelPicker::openList()
{
    if (!m_popup) {
        m_popup = new PopupPanel(m_model, tr("Add a model file…"), window());
        connect(m_popup, &PopupPanel::chosen, this, [this](int row) { m_model.select(m_model.modelAt(row)); });
        connect(m_popup, &PopupPanel::actRequested, this, &ModelPicker::addModelRequested);
    }
    if (m_popup->isVisible()) {
        m_popup->dismiss();
        return;
    }
    m_popup->openBelow(*this, m_model.currentRow());
}

void ModelPicker::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Down) {
        openList();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void ModelPicker::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    const Tokens &tokens = theme.tokens();
    const QRectF box = QRectF(rect()).adjusted(kRing, kRing, -kRing, -kRing);
    const QColor fill = isDown() ? tokens.press : underMouse() ? tokens.hover : tokens.raised;
    paintBox(painter, box, radius::kControl, fill, tokens.line2);
    const Texts shown = texts();
    const ModelStatus *status = m_model.currentStatus();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_model.importing() ? tokens.acc : stateColour(tokens, status));
    qreal left = box.left() + spacing::k12;
    painter.drawEllipse(QPointF(left + kDot / 2.0, box.center().y()), kDot / 2.0, kDot / 2.0);
    left += kDot + spacing::k8;
    const qreal right = box.right() - spacing::k12 - size::kIcon - spacing::k8;
    const QFontMetricsF detailMetrics(theme.font(TypeRole::Ui), this);
    const qreal detailWidth =
        m_compact || shown.detail.isEmpty() ? 0 : detailMetrics.horizontalAdvance(shown.detail) + 1;
    painter.setFont(theme.font(TypeRole::UiStrong));
    painter.setPen(tokens.t1);
    const qreal nameRoom = right - left - (detailWidth > 0 ? detailWidth + spacing::k8 : 0);
    const QString name = painter.fontMetrics().elidedText(shown.name, Qt::ElideMiddle, int(std::ceil(nameRoom)));
    painter.drawText(QRectF(left, box.top(), nameRoom, box.height()), Qt::AlignVCenter | Qt::AlignLeft, name);
    if (detailWidth > 0) {
        painter.setFont(theme.font(TypeRole::Ui));
        const bool failed = status && status->state == ModelLoadState::Failed;
        painter.setPen(failed ? stateColour(tokens, status) : tokens.t3);
        painter.drawText(QRectF(right - detailWidth, box.top(), detailWidth, box.height()),
                         Qt::AlignVCenter | Qt::AlignLeft, shown.detail);
    }
    const QRectF arrow(box.right() - spacing::k12 - size::kIcon, box.top(), size::kIcon, box.height());
    paintIcon(painter, arrow, Icon::ChevronDown, tokens.t2);
    if (status && status->state == ModelLoadState::Loading) {
        const QRectF bar(box.left() + spacing::k8, box.bottom() - 3, (box.width() - spacing::k16) * status->progress,
                         2);
        paintBox(painter, bar, 1, tokens.acc, {});
    }
    if (hasFocus())
        paintFocusRing(painter, box, radius::kControl, tokens);
}

void ModelPicker::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ModelPicker::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace tramontane::ui
