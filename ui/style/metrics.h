// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFont>

// Sizes of the product in logical pixels at 100 %. No other place names a pixel.
namespace tramontane::ui {

namespace spacing {
constexpr int k2 = 2;
constexpr int k4 = 4;
constexpr int k6 = 6;
constexpr int k8 = 8;
constexpr int k12 = 12;
constexpr int k16 = 16;
constexpr int k24 = 24;
constexpr int k32 = 32;
constexpr int k48 = 48;
constexpr int kInsideControl = k8;
constexpr int kIconToText = k8;
constexpr int kFormRows = k12;
constexpr int kPanelPadding = k16;
constexpr int kGroups = k24;
} // namespace spacing

namespace radius {
constexpr qreal kCitation = 5;
constexpr qreal kChip = 6;
constexpr qreal kRow = 6;
constexpr qreal kControl = 7; // button, input, tab
constexpr qreal kCode = 8;    // code and table
constexpr qreal kCard = 10;   // card, own message
constexpr qreal kComposer = 12;
} // namespace radius

namespace size {
constexpr int kIcon = 16;
constexpr int kIconButton = 28;
constexpr int kButton = 30;
constexpr int kCardButton = 28;
constexpr int kDialogButton = 36;
constexpr int kButtonPadding = 12;
constexpr int kInput = 30;
constexpr int kPassphraseInput = 38;
constexpr int kCheck = 16;
constexpr int kSwitchWidth = 34;
constexpr int kSwitchHeight = 20;
constexpr int kTarget = 28; // least height and width of anything that is clicked
constexpr int kChip = 22;
constexpr int kHeadChip = 20;
constexpr int kFilterChip = 28;
constexpr int kLabel = 18;
constexpr int kListRow = 28;
constexpr int kFileRow = 46;
constexpr int kMenuRow = 30;
constexpr int kTableHead = 30;
constexpr int kTableRow = 29;
constexpr int kTreeIndent = 18;
constexpr int kSliderGroove = 4;
constexpr int kSliderKnob = 16;
constexpr int kScrollThumb = 6;
constexpr int kScrollThumbHover = 10;
constexpr int kScrollBar = 12;
constexpr int kSplitterGrip = 8;
constexpr int kGaugeWidth = 92;
constexpr int kGaugeHeight = 6;
constexpr int kFocusRing = 2;
constexpr int kFocusGap = 2;
constexpr int kSidebar = 248;
constexpr int kRail = 52;
constexpr int kTabStrip = 38;
constexpr int kTab = 32;
constexpr int kHeader = 46;
constexpr int kRightPanel = 328;
constexpr int kStatusLine = 27;
constexpr int kTranscriptColumn = 752;
constexpr int kComposer = 720;
constexpr int kAvatar = 26;
constexpr int kMinWindowWidth = 640;
constexpr int kMinWindowHeight = 420;
} // namespace size

/// What a text is for; size, line height and weight follow (ui.md section 2, Type).
enum class TypeRole {
    ScreenTitle,  // 19/26, 600
    UnlockTitle,  // 21/28, 600
    SectionTitle, // 15/22, 600
    HeaderTitle,  // 14.5/20, 600
    Prose,        // 14.5/23
    OwnMessage,   // 14.5/22
    NarrowProse,  // 14/22
    Ui,           // 13/18: rows
    UiStrong,     // 13/18, 600: names, card titles
    Button,       // 13/18, 500
    Secondary,    // 12.5/18: secondary text, table cells
    SecondaryStrong,
    TableCell, // 13.5/19: tables inside answers
    Hint,      // 12/16: hints, chips
    Caption,   // 11.5/15, 600: section caption
    Status,    // 11.5/15: status line
    TableHead,
    Label,    // 11/14, 600, capitals
    Kbd,      // 11/14, 500
    Citation, // 11/14, 600
    Code,     // 12.5/19, code family
    CodeHint, // 11.5/15, code family
};

struct TypeSpec {
    qreal size = 13;
    qreal line = 18;
    QFont::Weight weight = QFont::Normal;
    bool code = false;
};

[[nodiscard]] TypeSpec typeSpec(TypeRole role);

} // namespace tramontane::ui
