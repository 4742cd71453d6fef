<!-- QGIS style of designations, by force on the day. They lie above each other: the fill is
     light, what is in force is drawn last, drafts have no label. The program copies the symbol for
     each class and fills the words in braces; labels are taken as they are. -->
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">
  <aliases/>
  <renderer-v2 type="categorizedSymbol" attr="force" enableorderby="1" forceraster="0" symbollevels="0">
    <categories/>
    <symbols>
      <symbol type="fill" name="class" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" type="QString" value="{faint}"/>
            <Option name="style" type="QString" value="solid"/>
            <Option name="outline_style" type="QString" value="no"/>
          </Option>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="line_color" type="QString" value="{colour}"/>
            <Option name="line_style" type="QString" value="solid"/>
            <Option name="line_width" type="QString" value="0.7"/>
            <Option name="line_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
            <Option name="capstyle" type="QString" value="flat"/>
          </Option>
          <data_defined_properties>
            <Option type="Map">
              <Option name="name" type="QString" value=""/>
              <Option name="properties" type="Map">
                <Option name="outlineStyle" type="Map">
                  <Option name="active" type="bool" value="true"/>
                  <Option name="expression" type="QString" value="if(&quot;approximate&quot;, 'dash', 'solid')"/>
                  <Option name="type" type="int" value="3"/>
                </Option>
              </Option>
              <Option name="type" type="QString" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
    </symbols>
    <orderby>
      <orderByClause asc="1" nullsFirst="1">array_find(array('draft', 'not_yet', 'lapsed', 'in_force'), &quot;force&quot;)</orderByClause>
    </orderby>
    <rotation/>
    <sizescale/>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="if(&quot;force&quot; = 'draft', '', regexp_replace(&quot;role_zh&quot;, '(.{14})(?=.)', '\\1\n') || '\n' || &quot;force_zh&quot;)" isExpression="1" fontFamily="Sans Serif" fontSize="7" textColor="34,34,34,255" fontSizeUnit="Point" textOpacity="1" previewBkgrdColor="255,255,255,255">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85" bufferNoFill="0" bufferJoinStyle="128"/>
      </text-style>
      <text-format multilineAlign="1" useMaxLineLengthForAutoWrap="1"/>
      <placement placement="4" polygonPlacementFlags="2" priority="4"/>
      <rendering drawLabels="1" displayAll="0" obstacle="0" fontMinPixelSize="3" fontMaxPixelSize="10000" maxNumLabels="2000" scaleVisibility="0"/>
    </settings>
  </labeling>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  <layerGeometryType>2</layerGeometryType>
</qgis>
