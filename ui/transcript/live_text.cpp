// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/live_text.h"

#include <algorithm>

namespace tramontane::ui {
namespace {

constexpr qint64 kBetweenMs = 2000;

// Just behind the last end of a sentence.
qsizetype sentenceEnd(const QString &text, qsizetype from)
{
    for (qsizetype i = text.size() - 1; i > from; --i) {
        const QChar before = text.at(i - 1);
        if (text.at(i).isSpace() && (before == u'.' || before == u'!' || before == u'?' || text.at(i) == u'\n'))
            return i + 1;
    }
    return from;
}

} // namespace

void LiveText::begin()
{
    m_said = 0;
    m_since.start();
}

bool LiveText::isDue() const
{
    return !m_since.isValid() || m_since.hasExpired(kBetweenMs);
}

LiveText::Piece LiveText::next(const QString &text, bool ended)
{
    // Markdown that closes may shorten the text; nothing is said twice then.
    m_said = std::min(m_said, static_cast<int>(text.size()));
    const qsizetype end = ended ? text.size() : isDue() ? sentenceEnd(text, m_said) : m_said;
    Piece piece{m_said, text.mid(m_said, end - m_said)};
    if (piece.text.isEmpty())
        return piece;
    m_said = static_cast<int>(end);
    m_since.start();
    return piece;
}

} // namespace tramontane::ui
