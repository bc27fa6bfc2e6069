package exporttest

import (
	"encoding/xml"
	"strings"
)

// metadata is what a reader's software looks for in the XMP packet.
type metadata struct {
	Part  string `xml:"RDF>Description>part"` // of PDF/UA, ISO 14289-1 section 5
	Title string `xml:"RDF>Description>title>Alt>li"`
}

// catalog looks at what is said of the whole document: its language, its title, that it
// is tagged (ISO 14289-1 sections 5, 6.2, 7.1 and 7.2).
func (f *file) catalog() {
	trailer := f.dict(f.objects["trailer"].Value)
	root, info := f.dict(trailer["/Root"]), f.dict(trailer["/Info"])
	if f.dict(root["/MarkInfo"])["/Marked"] != true {
		f.fault("it does not say that it is tagged")
	}
	if len(text(root["/Lang"])) < 2 {
		f.fault("it has no language")
	}
	if f.dict(root["/ViewerPreferences"])["/DisplayDocTitle"] != true {
		f.fault("its file name is shown in the place of its title")
	}
	var said metadata
	if err := xml.Unmarshal([]byte(f.data(root["/Metadata"])), &said); err != nil {
		f.fault("its metadata cannot be read: %v", err)
	}
	if said.Part != "1" {
		f.fault("it does not say that it follows PDF/UA-1")
	}
	if title := text(info["/Title"]); strings.TrimSpace(title) == "" || said.Title != title {
		f.fault("its titles are %q and %q", title, said.Title)
	}
}

// fonts looks whether each letter has a shape in the file and a meaning (ISO 14289-1
// section 7.21).
func (f *file) fonts() {
	for name, o := range f.objects {
		font := f.dict(o.Value)
		if font["/Type"] != "/Font" {
			continue
		}
		_, program := f.object(f.dict(font["/FontDescriptor"])["/FontFile2"])
		switch font["/Subtype"] {
		case "/Type0":
			if _, known := f.object(font["/ToUnicode"]); !known || font["/Encoding"] != "/Identity-H" || len(f.list(font["/DescendantFonts"])) != 1 {
				f.fault("the letters of font %s have no meaning", name)
			}
		case "/CIDFontType2":
			if font["/CIDToGIDMap"] == nil || !program {
				f.fault("the letters of font %s have no shape in the file", name)
			}
		default:
			f.fault("font %s is a %v", name, font["/Subtype"])
		}
	}
}
